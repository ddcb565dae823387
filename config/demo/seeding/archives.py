"""What earlier years and the first half of this one left in the archive."""

from datetime import date, datetime, timedelta

from lms.archive.models import ArchivePackage
from lms.archive.services import request_package, seal_package
from lms.credits.models import LedgerEntry
from lms.people.models import Person, Unit


def seed_archive(*, unit: Unit, by: Person, at: datetime) -> int:
    """Seal up to last year's end, then up to the middle of this year. Returns how many were sealed."""
    if ArchivePackage.objects.exists():
        return 0
    sealed = 0
    for until in (date(at.year - 1, 12, 31), date(at.year, 6, 30)):
        asked_at = at - timedelta(minutes=2 - sealed)
        is_new = LedgerEntry.objects.filter(archived=None, posted_at__date__lte=until).exists()
        if until < at.date() and is_new:
            package = request_package(unit=unit, until=until, by=by, at=asked_at)
            seal_package(package=package, at=asked_at)
            sealed += 1
    return sealed
