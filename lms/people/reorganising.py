"""Writers of the unit tree's history: renaming, moving and merging units. No past row is touched."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from lms.common.acts import note
from lms.common.clock import local_date
from lms.common.errors import Refusal
from lms.people.models import Person, Posting, RoleGrant, Unit, UnitChange
from lms.people.refusing import refusals_noted
from lms.people.unit_checks import check_merge, check_move, check_rename
from lms.people.unit_effects import (
    continues,
    grants_of_unit,
    hand_over_belongings,
    subtree_of,
    tell_watchers,
)

# Two changes of the tree's shape at once could close a ring that neither sees.
TREE_LOCK = "SELECT pg_advisory_xact_lock(hashtext('lms.people.unit-tree'))"
MOVE = """
UPDATE people_unit SET path = %s || substr(path, %s),
  parent_id = CASE WHEN id = %s THEN %s ELSE parent_id END
WHERE starts_with(path, %s)
"""
MOVE_CHILDREN = """
UPDATE people_unit SET path = %s || substr(path, %s),
  parent_id = CASE WHEN parent_id = %s THEN %s ELSE parent_id END
WHERE starts_with(path, %s) AND id <> %s
"""
DAY = timedelta(days=1)


class UnitChanged(Refusal):
    code = "unit_changed"
    sentence = "预览以后，这个单位或目标单位又有变动。请重新预览，看清楚再确认。"
    status = 409


def rename_unit(*, unit: Unit, name: str, reason: str, by: Person, at: datetime) -> UnitChange:
    """Give the unit a new name from today on; facts before today keep the old one.

    Raises UnitClosed, UnitAlreadyThere, UnitNameTaken.
    """
    with refusals_noted(action="people.unit_renamed", by=by, at=at, obj=unit):
        (unit,) = _locked(unit)
        check_rename(unit, name)
        before, last_day = unit.name, local_date(at) - DAY
        unit.former_names = [*unit.former_names, [before, last_day.isoformat()]]
        unit.name = name
        unit.save(update_fields=["name", "former_names"])
        return _changed(
            unit, "people.unit_renamed", "rename", {"name": before}, {"name": name}, reason, by, at
        )


def move_unit(
    *, unit: Unit, parent: Unit, reason: str, by: Person, at: datetime, seen: str = ""
) -> UnitChange:
    """Put the unit with everything below it under another parent.

    `seen` is `places_of(unit, parent)` as the preview had it. Raises UnitChanged, UnitClosed, UnitCycle,
    LevelOrder, UnitAlreadyThere, UnitNameTaken, PathTooLong.
    """
    with refusals_noted(action="people.unit_moved", by=by, at=at, obj=unit):
        unit, parent = _locked(unit, parent)
        _as_seen(seen, unit, parent)
        check_move(unit, parent)
        before = {"parent": unit.parent.code if unit.parent else "", "path": unit.path}
        path = f"{parent.path}{unit.code}/"
        values: list[Any] = [path, len(unit.path) + 1, unit.pk, parent.pk, unit.path]
        with connection.cursor() as cursor:
            cursor.execute(MOVE, values)
            moved = cursor.rowcount
        after = {"parent": parent.code, "path": path, "subtree": moved}
        return _changed(unit, "people.unit_moved", "move", before, after, reason, by, at)


def merge_units(
    *, unit: Unit, kept: Unit, reason: str, by: Person, at: datetime, seen: str = ""
) -> UnitChange:
    """Close the unit today: who serves there goes on in `kept`, and so does what lies below it.

    Postings that have ended are not touched, so every fact keeps the unit it happened in. Raises
    UnitChanged, UnitClosed, UnitCycle, LevelOrder, PathTooLong, UnitHoldsAdministrators.
    """
    on = local_date(at)
    with refusals_noted(action="people.unit_merged", by=by, at=at, obj=unit):
        unit, kept = _locked(unit, kept)
        _as_seen(seen, unit, kept)
        check_merge(unit, kept, on)
        children = unit.children.count()
        values: list[Any] = [kept.path, len(unit.path) + 1, unit.pk, kept.pk, unit.path, unit.pk]
        with connection.cursor() as cursor:
            cursor.execute(MOVE_CHILDREN, values)
        postings = _continue_postings(unit, kept, on)
        ended, continued = _continue_grants(unit, kept, on, by, at)
        hand_over_belongings(unit, kept)
        unit.closed_on, unit.merged_into = on, kept
        unit.save(update_fields=["closed_on", "merged_into"])
        after = {
            "merged_into": kept.code, "closed_on": on.isoformat(), "postings": postings,
            "children": children, "grants_ended": ended, "grants_continued": continued,
        }  # fmt: skip
        return _changed(
            unit, "people.unit_merged", "merge", {"path": unit.path}, after, reason, by, at
        )


def places_of(*units: Unit) -> str:
    """Where the units of a preview stand: it must still be so when it is confirmed."""
    return " ".join(unit.path for unit in units)


def _as_seen(seen: str, *units: Unit) -> None:
    if seen and seen != places_of(*units):
        raise UnitChanged


def _locked(*units: Unit) -> list[Unit]:
    """The units as they are now, locked with all that lies below the first, in order of id."""
    with connection.cursor() as cursor:
        cursor.execute(TREE_LOCK)
    fresh = Unit.objects.in_bulk([unit.pk for unit in units])
    inside = subtree_of(fresh[units[0].pk]) | Unit.objects.filter(pk__in=fresh)
    # Not against new postings, which only make sure that the unit is there.
    list(inside.order_by("pk").select_for_update(no_key=True).values_list("pk"))
    fresh = Unit.objects.select_related("parent").in_bulk([unit.pk for unit in units])
    return [fresh[unit.pk] for unit in units]


def _continue_postings(unit: Unit, kept: Unit, on: date) -> int:
    """End what holds on that day and go on in `kept`; what has not begun begins there."""
    found = Posting.objects.filter(unit=unit).exclude(to_date__lt=on)
    ended, following, ahead = [], [], []
    for posting in found.order_by("pk").select_for_update():
        if posting.from_date > on:
            posting.unit = kept
            ahead.append(posting)
            continue
        # Whoever came today has today's facts here, and goes on there tomorrow.
        last_day = on if posting.from_date == on else on - DAY
        if posting.to_date is None or posting.to_date > last_day:
            following.append(
                Posting(
                    person_id=posting.person_id,
                    unit=kept,
                    title=posting.title,
                    post_level=posting.post_level,
                    rank=posting.rank,
                    from_date=last_day + DAY,
                    to_date=posting.to_date,
                )
            )
            posting.to_date = last_day
            ended.append(posting)
    Posting.objects.bulk_update(ended, ["to_date"])
    Posting.objects.bulk_update(ahead, ["unit"])
    Posting.objects.bulk_create(following)
    return len(following) + len(ahead)


def _continue_grants(
    unit: Unit, kept: Unit, on: date, by: Person, at: datetime
) -> tuple[list[str], int]:
    """Ends every grant held at the unit. Returns who lost which role, and how many go on."""
    ended, following = [], []
    for grant in grants_of_unit(unit, on).order_by("pk").select_for_update(of=("self",)):
        start = max(on, grant.from_date)
        if continues(grant):
            following.append(
                RoleGrant(
                    person=grant.person,
                    role=grant.role,
                    unit=kept,
                    from_date=start,
                    to_date=grant.to_date,
                    granted_by=by,
                    granted_at=at,
                )
            )
        else:
            ended.append(f"{grant.person.staff_number} {grant.role}")
        grant.to_date = max(on - DAY, grant.from_date)
        grant.save(update_fields=["to_date"])
    RoleGrant.objects.bulk_create(following, ignore_conflicts=True)
    return ended, len(following)


def _changed(
    unit: Unit,
    action: str,
    kind: str,
    before: dict[str, Any],
    after: dict[str, Any],
    reason: str,
    by: Person,
    at: datetime,
) -> UnitChange:
    change = UnitChange.objects.create(
        unit=unit, kind=kind, before=before, after=after, reason=reason, by=by, at=at
    )
    note(
        action=action, by=by, at=at, obj=unit, reason=reason,
        detail={"before": before, "after": after},
    )  # fmt: skip
    transaction.on_commit(tell_watchers)
    return change
