"""Tests in lanes (`pytest -n 2 --dist loadfile`): each lane has servers of its own.

A file stays in one lane, so that what it sets up is set up once. Not by `loadgroup`: pytest 9.2 drops
the groups that pytest-xdist 3.8 writes into the names, and says nothing.

Loaded by `-p tests.lanes`, before anything reads the settings: the run directory follows from the
lane, and everything else (database, broker, uploads, ports) from the run directory.
"""

import os
from pathlib import Path

import pytest

LANE = os.environ.get("PYTEST_XDIST_WORKER", "")

if LANE and Path(os.environ.get("RUN_DIR", ".run")).name != LANE:
    os.environ["RUN_DIR"] = str(Path(os.environ.get("RUN_DIR", ".run"), LANE))


def needs_browser(item: pytest.Item) -> bool:
    return "browser" in getattr(item, "fixturenames", ())
