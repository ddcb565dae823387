"""The list of people as administrators search it: always inside their units."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from lms.people.columns import Column, Figure, columns, figures_of
from lms.people.models import Person, Posting, Unit
from lms.people.models.person import letters_of
from lms.people.roles import Permission
from lms.people.selectors import persons_visible_to, units_visible_to

NEVER_SIGNED_IN, SUSPENDED, WITHOUT_POSTING = "never", "suspended", "none"
STATES = (NEVER_SIGNED_IN, SUSPENDED, WITHOUT_POSTING)
CHINESE = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True)
class Wanted:
    """What is looked for. Empty fields ask for nothing."""

    words: str = ""
    unit: Unit | None = None
    level: str = ""
    state: str = ""

    @property
    def is_everything(self) -> bool:
        return self == Wanted()


@dataclass(frozen=True)
class Row:
    person: Person
    posting: Posting | None
    figures: Sequence[tuple[Column, Figure]]


def people_found(*, by: Person, on: date, wanted: Wanted) -> QuerySet[Person]:
    """People in the units whose people `by` may read, by pinyin. In post on that day unless asked otherwise.

    Merged accounts are left out, as in `persons_visible_to`: their person is on the list.
    """
    if wanted.state == WITHOUT_POSTING:
        people = _without_posting(by=by, on=on, wanted=wanted)
    else:
        units = _units(by=by, on=on, wanted=wanted)
        postings = Posting.objects.filter(_in_post(on), unit__in=units)
        if wanted.level:
            postings = postings.filter(post_level=wanted.level)
        serving = postings.values("person")
        people = Person.objects.filter(pk__in=serving, merged_into__isnull=True)
    if wanted.state == NEVER_SIGNED_IN:
        people = people.filter(last_login__isnull=True)
    if wanted.state == SUSPENDED:
        people = people.filter(is_active=False)
    return _named(people, wanted.words).order_by("pinyin_initials", "name", "pk")


def rows_of(people: Iterable[Person], *, on: date) -> list[Row]:
    """The people with where they serve and what the columns say, in three queries and the columns' own."""
    listed = list(people)
    postings = postings_of(listed, on=on)
    figures, shown = figures_of(postings, on), columns()
    return [
        Row(person, postings[person.pk], list(zip(shown, figures[person.pk], strict=True)))
        for person in listed
    ]


def postings_of(people: Sequence[Person], *, on: date) -> dict[int, Posting | None]:
    """Where each serves on that day, else served last, else begins; by person id."""
    found: dict[int, Posting | None] = {person.pk: None for person in people}
    held = Posting.objects.filter(person__in=people).select_related("unit").order_by("from_date")
    for posting in held:
        if posting.from_date <= on or found[posting.person_id] is None:
            found[posting.person_id] = posting
    return found


def _in_post(on: date) -> Q:
    return Q(from_date__lte=on) & (Q(to_date__isnull=True) | Q(to_date__gte=on))


def _units(*, by: Person, on: date, wanted: Wanted) -> QuerySet[Unit]:
    units = units_visible_to(person=by, permission=Permission.READ_PEOPLE, on=on)
    return units.filter(path__startswith=wanted.unit.path) if wanted.unit else units


def _without_posting(*, by: Person, on: date, wanted: Wanted) -> QuerySet[Person]:
    serving = Posting.objects.filter(_in_post(on), person=OuterRef("pk"))
    visible = persons_visible_to(person=by, permission=Permission.READ_PEOPLE, on=on)
    people = visible.filter(~Exists(serving))
    if wanted.unit:
        inside = Q(serving_in__in=_units(by=by, on=on, wanted=wanted))
        people = people.filter(inside)
    if wanted.level:
        people = people.filter(postings__post_level=wanted.level).distinct()
    return people


def _named(people: QuerySet[Person], words: str) -> QuerySet[Person]:
    """By part of the name, by pinyin initials, or by the beginning of the staff number."""
    if not words:
        return people
    if CHINESE.search(words):
        has_letters = Q(letters__contains=[*words], name__contains=words)
        return people.alias(letters=letters_of("name")).filter(has_letters)
    return people.filter(
        Q(pinyin_initials__startswith=words.lower()) | Q(staff_number__istartswith=words)
    )
