"""What an hour is: coverage, bands, caps, and the digest that chains entries. Plain Python.

Durations are whole seconds, hours are exact decimals. The figures themselves are policy data.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from math import ceil
from typing import Any

ZERO_HASH = b"\x00" * 32
Spans = Sequence[tuple[int, int]]


@dataclass(frozen=True)
class Band:
    """Videos longer than (or, with `inclusive`, of at least) `minutes` earn `hours`."""

    minutes: Decimal
    inclusive: bool
    hours: Decimal

    def holds(self, duration_seconds: int) -> bool:
        limit = self.minutes * 60
        return duration_seconds >= limit if self.inclusive else duration_seconds > limit


@dataclass(frozen=True)
class Rules:
    """One policy version's figures, read from its JSON."""

    coverage_share: Decimal
    bands: tuple[Band, ...]
    daily_cap: Decimal
    max_rate: Decimal
    hours_per_day: Decimal
    requirements: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def rules_from(data: Mapping[str, Any]) -> Rules:
    """Read a policy version's JSON. Raises KeyError or ValueError where it is incomplete."""
    bands = tuple(
        Band(
            minutes=Decimal(str(band["minutes"])),
            inclusive=bool(band["inclusive"]),
            hours=Decimal(str(band["hours"])),
        )
        for band in data["video_bands"]
    )
    if list(bands) != sorted(bands, key=lambda band: band.minutes, reverse=True):
        raise ValueError("video_bands run from the longest to the shortest")
    return Rules(
        coverage_share=Decimal(str(data["coverage_share"])),
        bands=bands,
        daily_cap=Decimal(str(data["daily_cap"])),
        max_rate=Decimal(str(data["max_rate"])),
        hours_per_day=Decimal(str(data["hours_per_day"])),
        requirements=data["requirements"],
    )


def covered(spans: Spans) -> int:
    """Seconds in a union of disjoint half-open spans."""
    return sum(end - start for start, end in spans)


def missing(spans: Spans, end_seconds: int, start_seconds: int = 0) -> list[tuple[int, int]]:
    """The parts of [start, end) outside the spans, in order."""
    gaps, at = [], start_seconds
    for start, end in spans:
        if start > at:
            gaps.append((at, start))
        at = max(at, end)
    if at < end_seconds:
        gaps.append((at, end_seconds))
    return gaps


def needed_seconds(duration_seconds: int, rules: Rules) -> int:
    """Seconds to watch before the video earns; a part of a second rounds up."""
    return ceil(duration_seconds * rules.coverage_share)


def band_hours(duration_seconds: int, rules: Rules) -> Decimal:
    """Hours a fully earned video of that length gives. Zero where no band holds."""
    for band in rules.bands:
        if band.holds(duration_seconds):
            return band.hours
    return Decimal(0)


@dataclass(frozen=True)
class Award:
    """What the daily cap leaves of the band's hours."""

    hours: Decimal
    outcome: str  # earned | capped | cap_reached


def award_under_cap(band: Decimal, earned_that_day: Decimal, daily_cap: Decimal) -> Award:
    """The entry that crosses the cap earns the remainder; later ones earn nothing."""
    left = max(daily_cap - earned_that_day, Decimal(0))
    if left == 0:
        return Award(Decimal(0), "cap_reached")
    if band > left:
        return Award(left, "capped")
    return Award(band, "earned")


def entry_record(
    *,
    previous: bytes,
    person_id: int,
    sequence: int,
    bucket: str,
    hours: Decimal,
    title: str,
    happened_on: date,
    posted_at: datetime,
    posting_id: int,
    policy: str,
    grade: str,
    outcome: str,
    source_kind: str,
    source_key: str,
    evidence: Mapping[str, Any],
    arithmetic: Sequence[Any],
    actor_id: int | None,
    reverses: int | None,
) -> bytes:
    """The bytes an entry is digested from: every field of record as one JSON array.

    Text is UTF-8 and unescaped, objects have sorted keys, hours have two decimals, times are UTC
    with microseconds. `policy` is the version's label; `actor_id` is null for the system; `reverses` is
    a sequence number of the same person.
    """
    line = json.dumps(
        [
            previous.hex(), person_id, sequence, bucket, f"{hours:.2f}", title,
            happened_on.isoformat(), _utc(posted_at), posting_id, policy, grade, outcome,
            source_kind, source_key, evidence, arithmetic, actor_id, reverses,
        ],
        ensure_ascii=False, sort_keys=True, separators=(",", ":"),
    )  # fmt: skip
    return line.encode()


def entry_digest(**fields: Any) -> bytes:
    """sha256 of `entry_record`; the first element chains it to the person's entry before."""
    return sha256(entry_record(**fields)).digest()


def _utc(at: datetime) -> str:
    offset = at.utcoffset()
    if offset is None:
        raise ValueError("times of record carry a time zone")
    return (at - offset).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
