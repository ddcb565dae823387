from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.credits.rules import (
    ZERO_HASH,
    award_under_cap,
    band_hours,
    covered,
    entry_digest,
    missing,
    needed_seconds,
    rules_from,
)
from tests.world import RULES

RULE = rules_from(RULES)
FACTS = {
    "previous": ZERO_HASH,
    "person_id": 7,
    "sequence": 1,
    "bucket": "online",
    "hours": Decimal("0.5"),
    "title": "事项准入清单怎么用",
    "happened_on": date(2026, 11, 20),
    "posted_at": datetime(2026, 11, 20, 4, 0, tzinfo=UTC),
    "posting_id": 3,
    "policy": "松阳 2026.1",
    "grade": "timed",
    "outcome": "earned",
    "source_kind": "viewing",
    "source_key": "k",
    "evidence": {"watched": [[0, 5]]},
    "arithmetic": [["片长", "0:05"]],
    "actor_id": None,
    "reverses": None,
}


@pytest.mark.parametrize(
    ("seconds", "hours"),
    [
        (1, "0.25"),
        (15 * 60, "0.25"),
        (15 * 60 + 1, "0.5"),
        (30 * 60 - 1, "0.5"),
        (30 * 60, "1"),
        (90 * 60, "1"),
    ],
)
def test_bands_are_those_of_yunnan_2024_at_their_edges(seconds, hours):
    assert band_hours(seconds, RULE) == Decimal(hours)


def test_needed_share_rounds_a_part_of_a_second_up():
    assert needed_seconds(1680, RULE) == 1512
    assert needed_seconds(21, RULE) == 19


@pytest.mark.parametrize(
    ("band", "earned", "hours", "outcome"),
    [
        ("1", "0", "1", "earned"),
        ("1", "9", "1", "earned"),
        ("1", "9.25", "0.75", "capped"),
        ("0.25", "10", "0", "cap_reached"),
        ("0.25", "11", "0", "cap_reached"),
    ],
)
def test_the_entry_that_crosses_the_cap_earns_the_remainder(band, earned, hours, outcome):
    award = award_under_cap(Decimal(band), Decimal(earned), Decimal(10))

    assert (award.hours, award.outcome) == (Decimal(hours), outcome)


def test_bands_out_of_order_are_refused():
    with pytest.raises(ValueError, match="longest to the shortest"):
        rules_from(RULES | {"video_bands": list(reversed(RULES["video_bands"]))})


@given(st.sets(st.integers(0, 59)))
def test_watched_and_missing_parts_make_up_the_whole(seconds):
    spans = _spans(seconds)

    gaps = missing(spans, 60)

    assert covered(spans) + covered(gaps) == 60
    assert not {s for a, b in gaps for s in range(a, b)} & seconds


def test_digest_changes_with_every_field():
    changed = {
        "previous": b"\x01" * 32, "person_id": 8, "sequence": 2, "bucket": "in_person",
        "hours": Decimal("0.51"), "title": "别的", "happened_on": date(2026, 11, 21),
        "posted_at": datetime(2026, 11, 20, 4, 1, tzinfo=UTC), "posting_id": 4, "policy": "p",
        "grade": "witnessed", "outcome": "capped", "source_kind": "class", "source_key": "l",
        "evidence": {}, "arithmetic": [], "actor_id": 1, "reverses": 1,
    }  # fmt: skip
    assert changed.keys() == FACTS.keys()

    digests = {entry_digest(**FACTS | {name: value}) for name, value in changed.items()}

    assert len(digests | {entry_digest(**FACTS)}) == len(changed) + 1


def test_digest_is_the_same_in_every_time_zone_and_key_order():
    shanghai = timezone(timedelta(hours=8))
    again = FACTS | {
        "posted_at": FACTS["posted_at"].astimezone(shanghai),
        "hours": Decimal("0.50"),
        "evidence": dict(reversed(FACTS["evidence"].items())),
    }

    assert entry_digest(**again) == entry_digest(**FACTS)


def test_digest_refuses_a_time_without_zone():
    with pytest.raises(ValueError, match="time zone"):
        entry_digest(**FACTS | {"posted_at": datetime(2026, 11, 20, 4, 0)})


def _spans(seconds: set[int]) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for second in sorted(seconds):
        if spans and spans[-1][1] == second:
            spans[-1] = (spans[-1][0], second + 1)
        else:
            spans.append((second, second + 1))
    return spans
