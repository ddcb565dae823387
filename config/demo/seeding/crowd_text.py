"""A crowd's years as COPY text, hashed into chains. Plain Python, run in several processes."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from random import Random
from typing import Any

from config.demo.seeding.copy_text import copy_line
from config.demo.seeding.crowd import (
    MOST_VIEWINGS,
    Fact,
    Member,
    Viewing,
    World,
    recognitions_of,
    viewings_of,
)
from lms.credits.rules import ZERO_HASH, entry_digest, rules_from

# Ids a person may use in each table. The unused ones stay free, so no two processes meet.
SLOTS = {
    "entries": 40,
    "viewings": MOST_VIEWINGS,
    "progress": MOST_VIEWINGS,
    "enrolments": MOST_VIEWINGS,
}
TABLES = ("entries", "heads", "viewings", "progress", "enrolments")


def crowd_text(world: World, members: Sequence[Member]) -> dict[str, str]:
    """Lines for each of TABLES."""
    rules = rules_from(world.rules)
    lines: dict[str, list[str]] = {table: [] for table in TABLES}
    for member in members:
        random = Random(f"crowd {member.number}")
        seen = viewings_of(world, rules, member, random)
        facts = sorted(
            [*recognitions_of(world, member, random), *(view.fact for view in seen if view.fact)],
            key=lambda fact: fact.posted_at,
        )
        sequences = _write_chain(lines, world, member, facts)
        _write_viewings(lines, world, member, seen, sequences)
    return {table: "".join(rows) for table, rows in lines.items()}


def _write_chain(
    lines: dict[str, list[str]], world: World, member: Member, facts: Sequence[Fact]
) -> dict[str, int]:
    """The person's entries and head. Returns the sequence of each viewing's entry by video key."""
    head, sequences = ZERO_HASH, {}
    first_id = world.first_ids["entries"] + member.slot * SLOTS["entries"]
    kept = facts[: SLOTS["entries"]]
    for sequence, fact in enumerate(kept, start=1):
        policy_id, label = world.policies[member.jurisdiction, fact.happened_on.year]
        digest = entry_digest(
            previous=head, person_id=member.person_id, sequence=sequence, bucket=fact.bucket,
            hours=fact.hours, title=fact.title, happened_on=fact.happened_on,
            posted_at=fact.posted_at, posting_id=member.posting_id, policy=label, grade=fact.grade,
            outcome="earned", source_kind=fact.source_kind, source_key=fact.source_key,
            evidence=fact.evidence, arithmetic=fact.arithmetic, actor_id=fact.actor_id, reverses=None,
        )  # fmt: skip
        lines["entries"].append(copy_line((
            first_id + sequence - 1, member.person_id, sequence, member.posting_id, fact.bucket,
            fact.hours, fact.title, fact.happened_on, fact.posted_at.isoformat(), policy_id,
            fact.grade, "earned", fact.source_kind, fact.source_key, _json(fact.evidence),
            _json(fact.arithmetic), fact.actor_id, None, head, digest,
        )))  # fmt: skip
        head = digest
        if fact.source_kind == "viewing":
            sequences[fact.source_key] = sequence
    if kept:
        lines["heads"].append(copy_line((member.person_id, len(kept), head)))
    return sequences


def _write_viewings(
    lines: dict[str, list[str]],
    world: World,
    member: Member,
    seen: Sequence[Viewing],
    sequences: Mapping[str, int],
) -> None:
    started: dict[str, tuple[datetime, datetime]] = {}
    for number, view in enumerate(seen):
        place, sequence = view.place, sequences.get(view.place.video_key)
        settled_at = view.ended_at.isoformat() if sequence else None
        spans = ",".join(f"[{a},{b})" for a, b in view.watched)
        lines["viewings"].append(copy_line((
            _id(world, "viewings", member, number), member.person_id, place.video_id,
            member.posting_id, place.seconds, f"{{{spans}}}", view.watched[-1][1],
            view.opened_at.isoformat(), view.ended_at.isoformat(), view.ended_at.isoformat(),
            settled_at,
        )))  # fmt: skip
        lines["progress"].append(copy_line((
            _id(world, "progress", member, number), member.person_id, place.unit_key,
            place.package_key, "done" if sequence else "short", view.covered, view.needed,
            settled_at, view.ended_at.isoformat(), sequence,
            view.fact.hours if sequence and view.fact else 0,
        )))  # fmt: skip
        first, last = started.get(place.package_key, (view.opened_at, view.ended_at))
        started[place.package_key] = min(first, view.opened_at), max(last, view.ended_at)
    for number, (package_key, (first, last)) in enumerate(started.items()):
        lines["enrolments"].append(copy_line((
            _id(world, "enrolments", member, number), member.person_id, package_key,
            member.posting_id, first.isoformat(), last.isoformat(),
        )))  # fmt: skip


def _id(world: World, table: str, member: Member, number: int) -> int:
    return world.first_ids[table] + member.slot * SLOTS[table] + number


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
