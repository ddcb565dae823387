"""What a change of the unit tree would touch: shown before anybody confirms it.

Upper apps register what they keep by unit in their AppConfig.ready().
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from lms.people.models import Posting, RoleGrant, Unit
from lms.people.roles import PERMISSIONS
from lms.people.selectors import unit_ancestor_codes


@dataclass(frozen=True)
class Belonging:
    """Things an upper app keeps by unit. Both callables take whole units' ids or units."""

    name: Any  # a lazy word
    count: Callable[[Sequence[int]], int]
    hand_over: Callable[[Unit, Unit], None]


@dataclass
class _Registered:
    belongings: list[Belonging] = field(default_factory=list)
    rules_in_words: Callable[[Unit, date], str] = lambda unit, on: ""
    watchers: list[Callable[[], None]] = field(default_factory=list)


_registered = _Registered()


def register_belonging(belonging: Belonging) -> None:
    _registered.belongings.append(belonging)


def tell_rules_with(rules_in_words: Callable[[Unit, date], str]) -> None:
    """`rules_in_words(unit, on)`: the hour rules of a unit; only its path need be real."""
    _registered.rules_in_words = rules_in_words


def call_when_units_change(watcher: Callable[[], None]) -> None:
    """For caches that hold a unit's name; called once the change is committed."""
    _registered.watchers.append(watcher)


def tell_watchers() -> None:
    for watcher in _registered.watchers:
        watcher()


def hand_over_belongings(unit: Unit, kept: Unit) -> None:
    """What the unit owned is the kept unit's from now on."""
    for belonging in _registered.belongings:
        belonging.hand_over(unit, kept)


@dataclass(frozen=True)
class Effects:
    """`grants_*`: role grants whose reach changes. Rules are words, empty where there are none."""

    persons: int
    subtree: int
    rules_before: str
    rules_after: str
    belongings: Sequence[tuple[str, int]]
    grants_gaining: Sequence[RoleGrant] = ()
    grants_losing: Sequence[RoleGrant] = ()
    grants_ending: Sequence[RoleGrant] = ()
    grants_continuing: Sequence[RoleGrant] = ()

    @property
    def rules_change(self) -> bool:
        return self.rules_before != self.rules_after


def effects_of_rename(unit: Unit, on: date) -> Effects:
    rules = _registered.rules_in_words(unit, on)
    return Effects(_persons([unit.pk], on), 1, rules, rules, _owned([unit.pk]))


def effects_of_move(unit: Unit, parent: Unit, on: date) -> Effects:
    inside = list(subtree_of(unit).values_list("pk", flat=True))
    before, after = set(unit_ancestor_codes(unit)[1:]), set(unit_ancestor_codes(parent))
    moved = Unit(path=f"{parent.path}{unit.code}/")
    return Effects(
        persons=_persons(inside, on),
        subtree=len(inside),
        rules_before=_registered.rules_in_words(unit, on),
        rules_after=_registered.rules_in_words(moved, on),
        belongings=_owned(inside),
        grants_gaining=_grants_above(after - before, on),
        grants_losing=_grants_above(before - after, on),
    )


def effects_of_merge(unit: Unit, kept: Unit, on: date) -> Effects:
    inside = list(subtree_of(unit).values_list("pk", flat=True))
    before, after = set(unit_ancestor_codes(unit)[1:]), set(unit_ancestor_codes(kept))
    grants = list(grants_of_unit(unit, on))
    return Effects(
        persons=_persons([unit.pk], on),
        subtree=len(inside),
        rules_before=_registered.rules_in_words(unit, on),
        rules_after=_registered.rules_in_words(kept, on),
        belongings=_owned([unit.pk]),
        grants_gaining=_grants_above(after - before, on),
        grants_losing=_grants_above(before - after, on),
        grants_ending=[grant for grant in grants if not continues(grant)],
        grants_continuing=[grant for grant in grants if continues(grant)],
    )


def continues(grant: RoleGrant) -> bool:
    """Only roles that permit nothing pass to the kept unit by themselves.

    Its subtree is wider: whoever merges units would otherwise hand out permissions there, which is
    for those who may grant them (security 3).
    """
    return not PERMISSIONS.get(grant.role)


def subtree_of(unit: Unit) -> QuerySet[Unit]:
    """The unit and everything below it."""
    return Unit.objects.filter(path__startswith=unit.path)


def current_postings(on: date) -> QuerySet[Posting]:
    """Postings that hold on that day, of people as they count: merged accounts left out."""
    return Posting.objects.filter(
        Q(to_date__isnull=True) | Q(to_date__gte=on),
        from_date__lte=on,
        person__merged_into__isnull=True,
    )


def grants_of_unit(unit: Unit, on: date) -> QuerySet[RoleGrant]:
    """Grants held at the unit itself that have not ended."""
    return RoleGrant.objects.filter(
        Q(to_date__isnull=True) | Q(to_date__gte=on), unit=unit
    ).select_related("person", "unit")


def _persons(unit_ids: Sequence[int], on: date) -> int:
    return current_postings(on).filter(unit__in=unit_ids).count()


def _owned(unit_ids: Sequence[int]) -> list[tuple[str, int]]:
    counted = [(str(b.name), b.count(unit_ids)) for b in _registered.belongings]
    return [(name, number) for name, number in counted if number]


def _grants_above(codes: set[str], on: date) -> list[RoleGrant]:
    """Grants at these units that permit something below them."""
    roles = [role for role, permissions in PERMISSIONS.items() if permissions]
    found = RoleGrant.objects.filter(
        Q(to_date__isnull=True) | Q(to_date__gte=on),
        from_date__lte=on, unit__code__in=codes, role__in=roles, person__is_active=True,
    )  # fmt: skip
    return list(found.select_related("person", "unit").order_by("unit__path", "role", "pk"))
