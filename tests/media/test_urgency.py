"""Whose turn it is and how long it takes, by plain values."""

from datetime import UTC, datetime, timedelta

import pytest

from media import urgency

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def facts(**changes: bool) -> urgency.VideoFacts:
    plain = {"is_cold": False, "has_build": False, "is_used": False, "is_awaited": False}
    return urgency.VideoFacts(**{**plain, **changes})


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"is_awaited": True, "is_used": True}, urgency.AWAITED),
        ({"is_used": True}, urgency.USED),
        ({}, urgency.NEW),
        ({"has_build": True, "is_awaited": True}, urgency.REPLACEMENT),
        ({"has_build": True, "is_cold": True}, urgency.COLD),
    ],
)
def test_who_waits_decides_the_urgency(changes, expected):
    assert urgency.urgency_of(facts(**changes)) == expected


def test_at_the_same_time_the_more_urgent_comes_first():
    turns = [urgency.turn_of(rank, requested_at=NOON) for rank in range(6)]

    assert turns == sorted(turns)
    assert len(set(turns)) == 6


@pytest.mark.parametrize("rank", range(6))
def test_nothing_starves(rank):
    """Eight days later even the most urgent new job stands behind."""
    old = urgency.turn_of(rank, requested_at=NOON)

    assert old < urgency.turn_of(urgency.RAISED, requested_at=NOON + timedelta(days=8, seconds=1))
    assert old < urgency.turn_of(urgency.AWAITED, requested_at=NOON + timedelta(days=1, seconds=1))


def test_the_rate_of_those_before_is_weighed_by_their_length():
    assert urgency.factor_of([(60, 60), (30, 300)]) == 0.25
    assert urgency.factor_of([]) == urgency.USUAL_FACTOR


def test_a_running_job_goes_by_its_own_rate_once_that_says_something():
    given = {"duration_seconds": 1000, "factor": 0.5}

    assert urgency.seconds_left(percent=25, elapsed_seconds=60, **given) == 180
    assert urgency.seconds_left(percent=2, elapsed_seconds=60, **given) == 440
    assert urgency.seconds_left(percent=2, elapsed_seconds=900, **given) == 0
