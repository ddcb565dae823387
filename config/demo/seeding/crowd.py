"""What each of a crowd did, as plain values: no database, so that processes can work side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from courses.learning.rules import arithmetic_of, band_in_words, coverage_of, rule_in_words
from lms.credits.rules import Rules

HERE = ZoneInfo("Asia/Shanghai")
MOST_VIEWINGS = 12
PLATFORM_DAY = 25  # of the quarter's last month


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


@dataclass(frozen=True)
class Viewing:
    place: Place
    opened_at: datetime
    ended_at: datetime
    watched: tuple[tuple[int, int], ...]
    covered: int
    needed: int
    fact: Fact | None


def viewings_of(world: World, rules: Rules, member: Member, random: Random) -> list[Viewing]:
    places: dict[int, Place] = {}
    for place in random.sample(world.shelf, min(world.viewings * 2, len(world.shelf))):
        places.setdefault(place.video_id, place)
    chosen = list(places.values())[: random.randint(max(world.viewings - 2, 0), world.viewings + 1)]
    # A day each, and none on which a platform's hours fall: so nobody meets the day's cap.
    today = world.at.astimezone(HERE).date()
    evenings = (
        today - timedelta(days=back) for back in random.sample(range(1, 60), len(chosen) + 2)
    )
    evenings = (evening for evening in evenings if evening.day != PLATFORM_DAY)
    return [
        _viewing(rules, place, _at(evening, 20) + timedelta(minutes=random.randint(0, 90)), random)
        for place, evening in zip(chosen[:MOST_VIEWINGS], evenings, strict=False)
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


def recognitions_of(world: World, member: Member, random: Random) -> list[Fact]:
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
