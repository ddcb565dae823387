"""Whose turn it is, and how long it takes. Plain Python over plain values."""

from dataclasses import dataclass
from datetime import datetime, timedelta

RAISED, AWAITED, USED, NEW, REPLACEMENT, COLD = range(6)
# What each has to wait longer than a job learners wait for. Nothing starves: a job that has waited so
# long stands before the most urgent that comes now.
BEHIND = {
    RAISED: -timedelta(days=7),
    AWAITED: timedelta(0),
    USED: timedelta(hours=1),
    NEW: timedelta(hours=2),
    REPLACEMENT: timedelta(hours=12),
    COLD: timedelta(hours=24),
}
# Until something was measured: two shared cores work at about real time.
USUAL_FACTOR = 1.0
# Below this the rate of the running job is mostly its start.
TELLING_PERCENT = 5


@dataclass(frozen=True)
class VideoFacts:
    """`is_used` by a draft, `is_awaited` by a published unit or the audience of a livestream."""

    is_cold: bool
    has_build: bool
    is_used: bool
    is_awaited: bool


def urgency_of(facts: VideoFacts) -> int:
    """Who has something to watch meanwhile can wait: a replacement is never urgent by itself."""
    if facts.has_build:
        return COLD if facts.is_cold else REPLACEMENT
    if facts.is_awaited:
        return AWAITED
    return USED if facts.is_used else NEW


def turn_of(urgency: int, *, requested_at: datetime) -> datetime:
    return requested_at + BEHIND[urgency]


def factor_of(pairs: list[tuple[int, int]]) -> float:
    """Seconds of work for a second of video, of (took, duration) pairs."""
    took, lasted = sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs)
    return took / lasted if took and lasted else USUAL_FACTOR


def seconds_left(
    *, percent: int, elapsed_seconds: float, duration_seconds: int, factor: float
) -> float:
    """Of a running job, by its own rate once that says something, by what others took before."""
    if percent >= TELLING_PERCENT:
        return elapsed_seconds * (100 - percent) / percent
    return max(0.0, duration_seconds * factor - elapsed_seconds)
