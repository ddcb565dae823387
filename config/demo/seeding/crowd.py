"""Years of many people as COPY text. Plain Python without a database, so that two processes can
write and hash side by side."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from config.demo.seeding.copy_text import copy_line
from courses.learning.rules import arithmetic_of, band_in_words, coverage_of, rule_in_words
from lms.credits.rules import ZERO_HASH, Rules, entry_digest, rules_from

HERE = ZoneInfo("Asia/Shanghai")
# Ids a person may use in each table. The unused ones stay free, so no two processes meet.
SLOTS = {"entries": 40, "viewings": 12, "progress": 12, "enrolments": 12}
PLATFORM_DAY = 25
TABLES = ("entries", "heads", "viewings", "progress", "enrolments")


@dataclass(frozen=True)
class Place:
    """A video in a package: what a viewing of it is recorded under."""

    video_id: int
    video_key: str
    seconds: int
    unit_key: str
    unit_title: str
    package_key: str
    package_title: str


@dataclass(frozen=True)
class World:
    """What every process needs to know. `policies` maps (jurisdiction, year) to (id, label)."""

    at: datetime
    years: int
    classes_a_year: float
    viewings: int
    shelf: Sequence[Place]
    policies: Mapping[tuple[str, int], tuple[int, str]]
    rules: Mapping[str, Any]
    actor_id: int
    first_ids: Mapping[str, int]


@dataclass(frozen=True)
class Member:
    """One of the crowd. `number` names the person for ever, `slot` is the place in this run."""

    number: int
    slot: int
    person_id: int
    posting_id: int
    jurisdiction: str


@dataclass(frozen=True)
class Fact:
    """An entry before it has a place in the chain."""

    posted_at: datetime
    bucket: str
    hours: Decimal
    title: str
    happened_on: date
    grade: str
    source_kind: str
    source_key: str
    evidence: dict
    arithmetic: list
    actor_id: int | None


def crowd_text(world: World, members: Sequence[Member]) -> dict[str, str]:
    """Lines for each of TABLES."""
    rules = rules_from(world.rules)
    lines: dict[str, list[str]] = {table: [] for table in TABLES}
    for member in members:
        random = Random(f"crowd {member.number}")
        seen = _viewings(world, rules, member, random)
        facts = sorted(
            [*_recognised(world, member, random), *(view.fact for view in seen if view.fact)],
            key=lambda fact: fact.posted_at,
        )
        sequences = _write_chain(lines, world, member, facts)
        _write_viewings(lines, world, member, seen, sequences)
    return {table: "".join(rows) for table, rows in lines.items()}


@dataclass(frozen=True)
class Viewing:
    place: Place
    opened_at: datetime
    ended_at: datetime
    watched: tuple[tuple[int, int], ...]
    covered: int
    needed: int
    fact: Fact | None


def _viewings(world: World, rules: Rules, member: Member, random: Random) -> list[Viewing]:
    places: dict[int, Place] = {}
    for place in random.sample(world.shelf, min(world.viewings * 2, len(world.shelf))):
        places.setdefault(place.video_id, place)
    chosen = list(places.values())[: random.randint(max(world.viewings - 2, 0), world.viewings + 1)]
    # A day each, and none on which a platform's hours fall: so nobody meets the day's cap.
    today = world.at.astimezone(HERE).date()
    evenings = (today - timedelta(days=back) for back in random.sample(range(1, 60), len(chosen) + 2))
    evenings = (evening for evening in evenings if evening.day != PLATFORM_DAY)
    return [
        _viewing(rules, place, _at(evening, 20) + timedelta(minutes=random.randint(0, 90)), random)
        for place, evening in zip(chosen[: SLOTS["viewings"]], evenings, strict=False)
    ]


def _viewing(rules: Rules, place: Place, ended_at: datetime, random: Random) -> Viewing:
    end = place.seconds if random.random() < 0.8 else random.randint(1, place.seconds)
    watched = ((0, end),)
    opened_at = ended_at - timedelta(seconds=end * 1.2 // 1 + 20)
    coverage = coverage_of(watched, place.seconds, rules)
    fact = None
    if coverage.is_enough:
        words = band_in_words(place.seconds, rules)
        cap = ["当日已记 0，每日上限 10", "不受限"]
        fact = Fact(
            ended_at + timedelta(seconds=1), "online", coverage.band_hours,
            f"{place.package_title} · {place.unit_title}"[:300], ended_at.astimezone(HERE).date(),
            "timed", "viewing", place.video_key,
            {
                "watched": [list(span) for span in watched], "duration_seconds": place.seconds,
                "covered_seconds": coverage.covered_seconds,
                "needed_seconds": coverage.needed_seconds, "opened_at": opened_at.isoformat(),
                "last_beat_at": ended_at.isoformat(), "rule": rule_in_words(rules),
            },
            [*arithmetic_of(coverage, rules.coverage_share, words), cap], None,
        )  # fmt: skip
    return Viewing(
        place, opened_at, ended_at, watched, coverage.covered_seconds, coverage.needed_seconds, fact
    )


CLASSES = (
    ("基层治理能力提升专题班", 5), ("乡村振兴与集体经济专题班", 4), ("依法行政专题班", 3),
    ("年轻干部理论培训班", 5), ("应急管理专题班", 2), ("党务工作者培训班", 2), ("数字化改革专题班", 1),
    ("信访与群众工作专题班", 2),
)  # fmt: skip


def _recognised(world: World, member: Member, random: Random) -> list[Fact]:
    facts: list[Fact] = []
    today = world.at.astimezone(HERE).date()
    first = today - timedelta(days=365 * world.years)
    for year in range(first.year, today.year + 1):
        wanted = int(world.classes_a_year + random.random())
        for title, days in random.sample(CLASSES, min(wanted, len(CLASSES))):
            on = date(year, random.randint(1, 12), random.randint(1, 28))
            facts.append(_class(world, title, days, on))
        for quarter in range(4):
            on = date(year, quarter * 3 + 3, PLATFORM_DAY)
            facts.append(_platform(world, on, Decimal(random.randint(12, 60)) / 4))
    return [fact for fact in facts if first < fact.happened_on and fact.posted_at < world.at]


def _class(world: World, title: str, days: int, on: date) -> Fact:
    hours = days * Decimal("7.50")
    key = f"class/{title}/{on}"
    return Fact(
        _at(on + timedelta(days=3), 10), "in_person", hours, f"{title}（{days} 天）", on, "documented",
        "recognition", key,
        {
            "class_key": key, "starts_on": str(on - timedelta(days=days - 1)), "ends_on": str(on),
            "host_unit": "中共丽水市委组织部", "provider": "中共丽水市委党校",
        },
        [["签到表到课", f"{days} 天"], [f"{days} 天 × 7.5", f"{hours:.2f}"]], world.actor_id,
    )  # fmt: skip


def _platform(world: World, on: date, hours: Decimal) -> Fact:
    title = f"浙江干部网络学院 {on.year} 年第 {(on.month + 2) // 3} 季度学时认定"
    return Fact(
        _at(on + timedelta(days=5), 15), "online", hours, title, on, "documented", "recognition",
        f"platform/{on}", {"host_unit": "浙江干部网络学院", "document_number": f"浙网院学〔{on.year}〕"},
        [["平台证明学时", f"{hours:.2f}"]], world.actor_id,
    )  # fmt: skip


def _at(on: date, hour: int) -> datetime:
    return datetime.combine(on, time(hour), HERE)


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
