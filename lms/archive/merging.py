"""Packages keep who asked for and checked them; whose rows they hold is decided when sealing."""

from lms.people.merging import rows_stay


def register() -> None:
    rows_stay("archive.ArchivePackage", reason="谁封装的就是谁封装的")
    rows_stay("archive.PackageCheck", reason="谁核验的就是谁核验的")
