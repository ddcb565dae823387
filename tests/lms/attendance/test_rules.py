from datetime import UTC, datetime, timedelta

import pytest

from lms.attendance.rules import (
    Bounds,
    Clock,
    Doubt,
    LeaveStanding,
    Reason,
    Verdict,
    Window,
    doubt_of_time,
    finding,
)

NINE = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)
NOON = NINE + timedelta(hours=3)
LATER = NOON + timedelta(days=1)
STEADY = Clock(timedelta(), timedelta())
BOUNDS = Bounds(NINE - timedelta(hours=5), LATER, LATER)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def window(**changes):
    facts = {
        "starts_at": NINE, "ends_at": NOON, "opens_before": minutes(60),
        "closes_after": minutes(60), "late_after": minutes(10), "early_before": minutes(10),
        "needs_sign_out": True,
    }  # fmt: skip
    return Window(**facts | changes)


def found(came=None, left=None, *, at=LATER, has_leave=False, **changes):
    return finding(
        window(**changes), signed_in_at=came, signed_out_at=left, has_leave=has_leave, at=at
    )


@pytest.mark.parametrize(
    ("came", "left", "verdict", "reason"),
    [
        (NINE, NOON, Verdict.ON_TIME, Reason.SIGNED_IN_IN_TIME),
        (NINE + minutes(10), NOON, Verdict.ON_TIME, Reason.SIGNED_IN_IN_TIME),
        (NINE + minutes(10.1), NOON, Verdict.LATE, Reason.SIGNED_IN_LATE),
        (NINE, NOON - minutes(10), Verdict.ON_TIME, Reason.SIGNED_IN_IN_TIME),
        (NINE, NOON - minutes(10.1), Verdict.LEFT_EARLY, Reason.SIGNED_OUT_EARLY),
        (NINE + minutes(20), NOON - minutes(20), Verdict.LEFT_EARLY, Reason.LATE_AND_OUT_EARLY),
        (NINE, None, Verdict.LEFT_EARLY, Reason.NO_SIGN_OUT),
        (None, NOON, Verdict.ABSENT, Reason.NO_SIGN_IN),
        (None, None, Verdict.ABSENT, Reason.NO_SIGN_IN),
    ],
)
def test_a_verdict_follows_from_the_two_times_and_names_its_reason(came, left, verdict, reason):
    result = found(came, left)
    assert (result.verdict, result.reason) == (verdict, reason)


def test_minutes_late_and_early_are_whole_and_counted_from_the_bell_not_from_the_grace():
    result = found(NINE + minutes(12.9), NOON - minutes(31.5))
    assert (result.late_minutes, result.early_minutes) == (12, 31)


def test_nobody_is_absent_before_the_sign_in_is_over():
    assert found(at=NOON + minutes(60)).verdict == Verdict.EXPECTED
    assert found(at=NOON + minutes(60.1)).verdict == Verdict.ABSENT


def test_a_missing_sign_out_counts_only_once_the_time_for_it_is_over():
    assert found(NINE, at=NOON + minutes(60)).verdict == Verdict.ON_TIME
    assert found(NINE, needs_sign_out=False).verdict == Verdict.ON_TIME


def test_leave_is_not_absence_and_who_comes_all_the_same_was_there():
    assert found(has_leave=True).verdict == Verdict.ON_LEAVE
    assert found(NINE, NOON, has_leave=True).verdict == Verdict.ON_TIME


@pytest.mark.parametrize(
    ("happened_at", "bounds", "clock", "doubt"),
    [
        (NINE, {}, STEADY, None),
        (NINE - minutes(60), {}, STEADY, None),
        (NINE - minutes(60.1), {}, STEADY, Doubt.OUTSIDE_WINDOW),
        (NOON + minutes(60.1), {}, STEADY, Doubt.OUTSIDE_WINDOW),
        (NINE, {"issued_at": NINE + minutes(3)}, STEADY, Doubt.BEFORE_PACK),
        (NINE, {"issued_at": NINE + minutes(1)}, STEADY, None),
        (NINE, {"received_at": NINE - minutes(3)}, STEADY, Doubt.AFTER_RECEIPT),
        (NINE, {"expires_at": NINE - minutes(1)}, STEADY, Doubt.PACK_EXPIRED),
        (NINE, {"revoked_at": NOON}, STEADY, Doubt.DEVICE_REVOKED),
        (NINE, {}, Clock(timedelta(), minutes(2.1)), Doubt.CLOCK_CHANGED),
        (NINE, {}, Clock(timedelta(), minutes(-2.1)), Doubt.CLOCK_CHANGED),
        (NINE, {}, Clock(timedelta(days=400), timedelta(days=400)), None),
    ],
)
def test_a_time_is_believed_only_within_what_the_server_itself_knows(
    happened_at, bounds, clock, doubt
):
    facts = Bounds(**BOUNDS.__dict__ | bounds)
    assert doubt_of_time(happened_at, clock=clock, bounds=facts, window=window()) == doubt


def test_a_wrong_but_steady_clock_is_corrected():
    clock = Clock(minutes(47), minutes(47))
    assert clock.server_time(NINE + minutes(47)) == NINE


@pytest.mark.parametrize(
    ("taken", "is_near", "is_over"),
    [(39, False, False), (40, True, False), (60, True, False), (61, False, True)],
)
def test_leave_above_a_seventh_is_withdrawal_and_equal_is_not(taken, is_near, is_over):
    standing = LeaveStanding(minutes(taken), minutes(420))
    assert (standing.is_near, standing.is_over) == (is_near, is_over)


def test_what_leave_is_left_is_never_negative():
    assert LeaveStanding(minutes(45), minutes(420)).left == minutes(15)
    assert LeaveStanding(minutes(90), minutes(420)).left == timedelta()
    assert not LeaveStanding(timedelta(), timedelta()).is_over
