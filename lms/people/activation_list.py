"""Who still waits for a first sign-in, as those who hand out codes see them."""

from datetime import date

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery

from lms.people.models import ActivationCode, Person, Posting, RosterImport, Unit
from lms.people.roles import Permission
from lms.people.roster.selectors import persons_brought_by
from lms.people.selectors import persons_visible_to, units_visible_to


def units_to_choose(*, person: Person, on: date) -> QuerySet[Unit]:
    """Units whose people `person` may give codes to, the tree from above."""
    return units_visible_to(person=person, permission=Permission.IMPORT_ROSTER, on=on)


def chosen_unit(*, units: QuerySet[Unit], code: str) -> Unit | None:
    """The unit of that code among those one may choose; None for all of them."""
    return units.filter(code=code).first() if code and "\x00" not in code else None


def awaiting_activation(
    *,
    person: Person,
    on: date,
    unit: Unit | None,
    query: str,
    is_new_only: bool,
    roster: RosterImport | None = None,
) -> QuerySet[Person]:
    """Active people in scope but oneself, by number; `open_until` is when their open code ends.

    `roster`: only those that import added.
    """
    found = persons_visible_to(person=person, permission=Permission.IMPORT_ROSTER, on=on)
    found = found.filter(is_active=True).exclude(pk=person.pk)
    if is_new_only:
        found = found.filter(last_login__isnull=True)
    if roster is not None:
        found = found.filter(pk__in=persons_brought_by(roster).values("pk"))
    if unit is not None:
        inside = Q(serving_in__in=Unit.objects.filter(path__startswith=unit.path))
        found = found.filter(inside)
    if query and "\x00" not in query:
        found = found.filter(
            Q(name__icontains=query)
            | Q(staff_number__istartswith=query)
            | Q(pinyin_initials__startswith=query.lower())
        )
    open_code = ActivationCode.objects.filter(
        person=OuterRef("pk"), used_at__isnull=True, revoked_at__isnull=True
    )
    current = Posting.objects.filter(
        Q(to_date__isnull=True) | Q(to_date__gte=on), from_date__lte=on
    ).select_related("unit")
    return (
        found.annotate(open_until=Subquery(open_code.values("expires_at")[:1]))
        .prefetch_related(Prefetch("postings", queryset=current, to_attr="serving"))
        .order_by("staff_number")
    )
