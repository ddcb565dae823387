"""What the pages of the unit tree show: whole subtrees counted in one query each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import CharField, Count, F, Func, Q, QuerySet, Value

from lms.people.models import Unit
from lms.people.unit_checks import DEPTH
from lms.people.unit_effects import current_postings

SHOWN = 30


@dataclass(frozen=True)
class Row:
    """A unit of a list. `persons` counts who serves in it and below; `children` open units below."""

    unit: Unit
    persons: int
    children: int


def top_units(visible: QuerySet[Unit]) -> QuerySet[Unit]:
    """Visible units that lie below no other visible one."""
    return visible.exclude(parent__in=visible)


def found_units(visible: QuerySet[Unit], query: str) -> QuerySet[Unit]:
    """Open units by a part of the name, present or former, or the beginning of the code."""
    named = Q(name__icontains=query) | Q(code__istartswith=query) | Q(former_names__icontains=query)
    return visible.filter(named, closed_on__isnull=True).select_related("parent")


def rows_of(units: Sequence[Unit], on: date) -> list[Row]:
    """Units that lie side by side or anywhere, with how much is in each. Two queries."""
    ids = [unit.pk for unit in units]
    children = dict(
        Unit.objects.filter(parent__in=ids, closed_on__isnull=True)
        .order_by()
        .values_list("parent")
        .annotate(Count("pk"))
    )
    persons: dict[int, int] = {}
    for depth in {_depth(unit) for unit in units}:
        persons |= _persons_below([u for u in units if _depth(u) == depth], depth, on)
    return [Row(u, persons.get(u.pk, 0), children.get(u.pk, 0)) for u in units]


def _depth(unit: Unit) -> int:
    return unit.path.count("/")


def _persons_below(units: Sequence[Unit], depth: int, on: date) -> dict[int, int]:
    """Grouped by the code that stands at that depth of the path: one query however many units."""
    code = Func(
        F("unit__path"), Value("/"), Value(depth), function="split_part", output_field=CharField()
    )
    ids = {unit.code: unit.pk for unit in units}
    counted = (
        current_postings(on)
        .annotate(branch=code)
        .filter(branch__in=list(ids))
        .values_list("branch")
        .annotate(Count("pk"))
        .order_by()
    )
    return {ids[branch]: number for branch, number in counted}


def ancestors_of(unit: Unit, visible: QuerySet[Unit]) -> list[Unit]:
    """Visible units above, from the top."""
    codes = unit.path.strip("/").split("/")[:-1]
    return list(visible.filter(code__in=codes).order_by("path"))


def targets_of(kind: str, unit: Unit, visible: QuerySet[Unit], query: str) -> QuerySet[Unit]:
    """Units the unit may be moved under or merged into; near ones where nothing is searched for."""
    if kind == "move":
        levels = [level for level, depth in DEPTH.items() if depth < DEPTH[unit.level]]
        near = Q(level=unit.parent.level, parent=unit.parent.parent_id) if unit.parent else Q()
        own = Q(pk=unit.parent_id)
    else:
        levels = [level for level, depth in DEPTH.items() if depth <= DEPTH[unit.level]]
        near, own = Q(parent=unit.parent_id, level=unit.level), Q()
    open_units = found_units(visible, query) if query else visible.filter(closed_on__isnull=True)
    found = open_units.filter(level__in=levels).exclude(path__startswith=unit.path).exclude(own)
    return (found if query else found.filter(near)).select_related("parent").order_by("path")
