"""Clips made once a run, and a storage of the test's own."""

from pathlib import Path

import pytest

from tests.media import clips
from tests.media.disks import small_disk  # noqa: F401 - a fixture
from tests.media.object_stores import object_store, on_object_store  # noqa: F401 - fixtures


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("clips")


@pytest.fixture(scope="session")
def short_film(shelf: Path) -> Path:
    """Eight seconds, 640×360, with sound: two segments, one rung."""
    return clips.film(shelf / "short.mp4", seconds=8)


@pytest.fixture
def uploads(tmp_path: Path, settings) -> Path:
    """An empty local storage, and a work folder beside it."""
    settings.MEDIA_ROOT = tmp_path / "uploads"
    settings.RUN_DIR = tmp_path / "run"
    return settings.MEDIA_ROOT
