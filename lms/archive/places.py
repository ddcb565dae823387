"""Where packages live: below the upload folder, which no address serves."""

import re
from pathlib import Path

from django.conf import settings

from lms.archive.models import ArchivePackage

PLAIN_CODE = re.compile(r"[0-9A-Za-z_-]{1,32}")


def archive_root() -> Path:
    return Path(settings.MEDIA_ROOT) / "archive"


def package_name(package: ArchivePackage) -> str:
    """Name of the folder: QJ-331124-2026-001. A code that is no plain word gives way to the id."""
    code = package.unit.code
    unit = code if PLAIN_CODE.fullmatch(code) else f"unit{package.unit_id}"
    return f"QJ-{unit}-{package.year}-{package.number:03d}"


def package_folder(package: ArchivePackage) -> Path:
    return archive_root() / package_name(package)
