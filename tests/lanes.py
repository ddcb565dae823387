"""Tests in lanes (`pytest -n 2 --dist loadgroup`): each lane has servers of its own.

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


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A file stays in one lane, so that what it sets up is set up once; before xdist reads the groups."""
    for item in items if LANE else ():
        kind = "browser" if needs_browser(item) else "plain"
        item.add_marker(pytest.mark.xdist_group(f"{kind}:{item.location[0]}"))
