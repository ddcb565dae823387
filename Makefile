# make demo [PORT=8000] [RUN_DIR=.run]   install, migrate, seed, serve on 127.0.0.1:PORT
# make setup | check | test [TESTS=tests/lms] | bench [BENCH=beats] | stop
PORT    ?= 8000
RUN_DIR ?= .run
BENCH   ?= all
TESTS   ?= tests
PYTHON3 ?= python3
PYTHON  := .venv/bin/python
# Tests have servers of their own: nothing they do can touch a demo's data.
TEST_RUN_DIR ?= $(RUN_DIR)/test
# So many tests at a time, each lane with servers of its own (tests/lanes.py); 0 for one after another.
LANES   ?= 2
in_lanes = -n $(LANES) --dist loadfile --no-loadscope-reorder
stop_tests = for places in "$(TEST_RUN_DIR)" "$(TEST_RUN_DIR)"/gw*; do if [ -d "$$places" ]; then RUN_DIR="$$places" $(PYTHON) -m config.runtime.demo stop --quiet; fi; done

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

CATALOGUES := $(patsubst %.po,%.mo,$(wildcard lms/locale/*/LC_MESSAGES/*.po))
FRONTEND := $(shell find lms/frontend $(wildcard lms/templates lms/*/templates courses/*/templates media/templates lms/*/templatetags lms/*/*.py courses/*/*.py) -type f 2>/dev/null)
DIST := lms/static/dist/.built

.PHONY: help setup demo test check bench stop install chromium nginx tests

help:
	@sed -n '1,2s/^# //p' Makefile

install:
	@$(PYTHON3) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Qiangji needs Python 3.11 or newer, this is " + sys.version.split()[0])' \
	  || { echo "Install Python 3.11+, or name it: make $(MAKECMDGOALS) PYTHON3=python3.12" >&2; exit 1; }
	@$(PYTHON3) config/runtime/install.py

setup: install
	@$(MAKE) --silent $(DIST) $(CATALOGUES)

$(DIST): package.json package-lock.json $(FRONTEND)
	@echo "Building the front end"
	@PATH="$$($(PYTHON) config/runtime/install.py node-folder):$$PATH" npm run --silent build
	@touch $@

%.mo: %.po
	@$(PYTHON) -m babel.messages.frontend --quiet compile --input-file $< --output-file $@ --locale $(notdir $(patsubst %/LC_MESSAGES/,%,$(dir $<)))

demo: setup
	@RUN_DIR="$(RUN_DIR)" $(PYTHON) -m config.runtime.demo start --port $(PORT)

stop:
	@if [ -x $(PYTHON) ]; then \
	  RUN_DIR="$(RUN_DIR)" $(PYTHON) -m config.runtime.demo stop; \
	  $(stop_tests); \
	fi

check: setup
	@RUN_DIR="$(TEST_RUN_DIR)" .ci/check

# Stops its servers whatever happened, and passes the tests' own exit code on.
test: setup chromium nginx
	@RUN_DIR="$(TEST_RUN_DIR)" .ci/check && code=0 || code=$$?; \
	if [ $$code = 0 ]; then RUN_DIR="$(TEST_RUN_DIR)" $(PYTHON) -m pytest $(in_lanes) $(TESTS) || code=$$?; fi; \
	$(stop_tests); \
	exit $$code

chromium:
	@if ! command -v chromium chromium-browser google-chrome >/dev/null; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "Installing Chromium for the browser tests"; \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-cjk </dev/null; \
	  else \
	    echo "The browser tests need Chromium: apt-get install chromium fonts-noto-cjk" >&2; \
	  fi; \
	fi

# Debian would start a server on port 80: a policy forbids it, the machine's own or one for this installation alone.
nginx:
	@if ! PATH="$$PATH:/usr/sbin" command -v nginx >/dev/null || [ ! -e /usr/lib/nginx/modules/ngx_rtmp_module.so ]; then \
	  policy=/usr/sbin/policy-rc.d; forbidden() { code=0; $$policy nginx start >/dev/null || code=$$?; [ $$code = 101 ]; }; \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && { [ ! -e $$policy ] || forbidden; }; then \
	    echo "Installing nginx and its RTMP module for the tests of deployment"; \
	    if [ ! -e $$policy ]; then \
	      trap "rm -f $$policy" EXIT; \
	      printf '#!/bin/sh\nexit 101\n' >$$policy && chmod +x $$policy; \
	    fi; \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq nginx libnginx-mod-rtmp </dev/null; \
	  else \
	    echo "The tests of deployment need nginx: apt-get install nginx libnginx-mod-rtmp" >&2; \
	  fi; \
	fi

bench: setup
	@RUN_DIR="$(RUN_DIR)" $(PYTHON) manage.py bench $(BENCH) --json
