"""The supervisor with stand-in components: real processes, no site behind them."""

import os
import signal
import sys

import psutil
import pytest

from config.runtime import processes
from config.runtime.supervisor import Component, Supervisor

# Starts a child in a session of its own, as ffmpeg may be, prints its pid and waits.
PARENT = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=DETACHED)
open(sys.argv[1], "w").write(str(child.pid))
time.sleep(600)
"""


def component_with_child(tmp_path, *, detached: bool) -> Component:
    code = PARENT.replace("DETACHED", str(detached))
    return Component("stand-in", [sys.executable, "-c", code, str(tmp_path / "child")])


def child_of(tmp_path) -> psutil.Process:
    file = tmp_path / "child"
    assert processes.wait_until(lambda: file.exists() and file.read_text() != "", seconds=10)
    return psutil.Process(int(file.read_text()))


@pytest.fixture
def supervisor(tmp_path):
    supervisor = Supervisor(tmp_path, port=1)
    supervisor.components = []
    yield supervisor
    supervisor.stop()


def test_killed_component_starts_again_and_its_orphan_is_ended(supervisor, tmp_path):
    component = component_with_child(tmp_path, detached=False)
    supervisor.components = [component]
    supervisor.keep(component)
    killed, orphan = component.process, child_of(tmp_path)

    os.kill(killed.pid, signal.SIGKILL)

    def is_back() -> bool:
        supervisor.keep(component)
        return component.is_running() and component.process.pid != killed.pid

    assert processes.wait_until(is_back, seconds=10)
    assert not processes.is_alive(orphan)


def test_component_that_dies_at_once_is_tried_ever_more_slowly(supervisor):
    component = Component("broken", [sys.executable, "-c", "raise SystemExit(1)"])

    def is_dead() -> bool:
        return component.process is not None and component.process.poll() is not None

    waits = []
    for _ in range(3):
        component.start_after = 0
        supervisor.keep(component)
        assert processes.wait_until(is_dead, seconds=10)
        supervisor.keep(component)
        waits.append(component.backoff_seconds)

    assert waits == sorted(set(waits))


def test_stop_ends_children_in_sessions_of_their_own(supervisor, tmp_path):
    component = component_with_child(tmp_path, detached=True)
    supervisor.components = [component]
    supervisor.keep(component)
    child = child_of(tmp_path)

    supervisor.stop()

    assert not component.is_running()
    assert not processes.is_alive(child)
