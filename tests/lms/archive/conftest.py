from pathlib import Path

import pytest

from lms.archive.models import ArchivePackage
from lms.archive.places import archive_root
from lms.archive.services import request_package, seal_package
from tests.world import NOON, county


@pytest.fixture(autouse=True)
def archive_folder(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "archive"


@pytest.fixture
def seal():
    """Request and seal the county's package; returns it and its folder."""

    def seal_now(*, unit=None, at=NOON, **wish) -> tuple[ArchivePackage, Path]:
        package = request_package(unit=unit or county(), until=at.date(), by=None, at=at, **wish)
        package = seal_package(package=package, at=at)
        return package, archive_root() / package.path

    return seal_now
