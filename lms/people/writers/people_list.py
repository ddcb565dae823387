"""The list of people as a spreadsheet, read and sent a few thousand at a time."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import chain, islice

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.utils.translation import gettext as _

from lms.common.clock import local_date
from lms.common.sheet_stream import Cell, sheet_stream
from lms.people.columns import columns, figures_of
from lms.people.listing import Place, places_of
from lms.people.models import Person, Posting

BATCH = 4000


def people_sheet(people: QuerySet[Person], *, at: datetime) -> Iterator[bytes]:
    """XLSX of everybody found, in pieces, however many they are."""
    on = local_date(at)
    # In words now: when the pieces are sent, the request's language is no longer set.
    rows = _rows(people, on=on, states=_states(), levels=_levels())
    return sheet_stream(name=on.isoformat(), heads=_heads(), rows=rows, at=at)


def _heads() -> list[tuple[str, int]]:
    heads = [
        (_("人员编号"), 18), (_("姓名"), 12), (_("单位"), 30), (_("职务"), 28), (_("职务层次"), 14),
        (_("职级"), 16), (_("账号"), 12),
    ]  # fmt: skip
    for column in columns():
        heads += [(_("%(name)s已得") % {"name": column.title}, 14)]
        heads += [(_("%(name)s要求") % {"name": column.title}, 14)]
    return heads


def _states() -> dict[tuple[bool, bool], str]:
    """By whether the account is active, and whether somebody has signed in with it."""
    suspended = _("已停用")
    return {
        (True, True): _("在用"), (True, False): _("没登录过"),
        (False, True): suspended, (False, False): suspended,
    }  # fmt: skip


def _levels() -> dict[str, str]:
    return {value: str(label) for value, label in Posting.PostLevel.choices}


def _rows(
    people: QuerySet[Person], *, on: date, states: dict[tuple[bool, bool], str],
    levels: dict[str, str],
) -> Iterator[list[Cell]]:  # fmt: skip
    signed_in = ExpressionWrapper(Q(last_login__isnull=False), output_field=BooleanField())
    facts = people.annotate(has_signed_in=signed_in).values_list(
        "pk", "staff_number", "name", "is_active", "has_signed_in"
    )
    found = facts.iterator(chunk_size=BATCH)
    while batch := list(islice(found, BATCH)):
        places = places_of([pk for pk, *_facts in batch], on=on)
        figures = figures_of(places, on)
        for pk, number, name, is_active, has_signed_in in batch:
            yield [
                number, name, *_place_cells(places[pk], levels), states[is_active, has_signed_in],
                *chain.from_iterable((f.value, f.required) for f in figures[pk]),
            ]  # fmt: skip


def _place_cells(place: Place | None, levels: dict[str, str]) -> list[str]:
    if place is None:
        return ["", "", "", ""]
    return [place.unit.name, place.title, levels[place.post_level], place.rank]
