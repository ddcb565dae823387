"""Readers: whose imports one may see, and whom an import brought."""

from datetime import date

from django.db.models import Q, QuerySet

from lms.people.models import Person, RosterImport, Unit
from lms.people.roles import Permission
from lms.people.selectors import units_visible_to


def imports_visible_to(*, person: Person, on: date) -> QuerySet[RosterImport]:
    """One's own, and those whose whole reach lies inside the units one imports rosters for."""
    units = units_visible_to(person=person, permission=Permission.IMPORT_ROSTER, on=on)
    return RosterImport.objects.filter(
        Q(created_by=person) | Q(unit__in=units.values("pk"))
    ).select_related("created_by", "unit")


def import_to_activate(*, person: Person, on: date, import_id: str) -> RosterImport | None:
    """The finished import of that number, where `person` may see it."""
    if not import_id.isdecimal() or len(import_id) > 18:
        return None
    visible = imports_visible_to(person=person, on=on)
    return visible.filter(pk=int(import_id), state=RosterImport.State.DONE).first()


def persons_brought_by(roster: RosterImport) -> QuerySet[Person]:
    """Whom an import added: they carry the instant it was written at, and one import writes at a time."""
    if roster.finished_at is None:
        return Person.objects.none()
    return Person.objects.filter(created_at=roster.finished_at)


def unit_above_all_of(*, person: Person, on: date) -> Unit | None:
    """The smallest unit whose subtree holds everything `person` may import rosters for."""
    units = units_visible_to(person=person, permission=Permission.IMPORT_ROSTER, on=on)
    paths = list(units.values_list("path", flat=True))
    if not paths:
        return None
    first, last = min(paths).split("/"), max(paths).split("/")
    shared = 0
    while shared < min(len(first), len(last)) and first[shared] == last[shared]:
        shared += 1
    shared_codes = [code for code in first[:shared] if code]
    if not shared_codes:
        return None
    return Unit.objects.filter(code=shared_codes[-1]).first()
