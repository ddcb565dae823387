"""What a person's attendance comes to, and which scans a human has to look at. Plain values."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction

# 条例 art. 41: leave above 1/7 of a class's hours is withdrawal (退学).
LEAVE_ALLOWED = Fraction(1, 7)
# From here a warning is due, so that nobody meets the limit unawares.
LEAVE_WARNED = LEAVE_ALLOWED * Fraction(2, 3)
# Two readings of a device's clock may differ so much before somebody must have set it.
CLOCK_TOLERANCE = timedelta(minutes=2)
# A code is shown for one step; the one before still counts, for slow hands and slow clocks.
CODE_STEP = timedelta(seconds=30)
CODE_TOLERANCE = timedelta(minutes=2)


class Verdict(StrEnum):
    EXPECTED = "expected"
    ON_TIME = "on_time"
    LATE = "late"
    LEFT_EARLY = "left_early"
    ABSENT = "absent"
    ON_LEAVE = "on_leave"


class Reason(StrEnum):
    """Why the verdict is what it is; every verdict names one."""

    NOT_OVER = "not_over"
    SIGNED_IN_IN_TIME = "signed_in_in_time"
    SIGNED_IN_LATE = "signed_in_late"
    SIGNED_OUT_EARLY = "signed_out_early"
    LATE_AND_OUT_EARLY = "late_and_out_early"
    NO_SIGN_OUT = "no_sign_out"
    NO_SIGN_IN = "no_sign_in"
    LEAVE_GRANTED = "leave_granted"
    DECIDED = "decided"


@dataclass(frozen=True)
class Window:
    """When one may sign in and out. `late_after` and `early_before` are the grace at either end."""

    starts_at: datetime
    ends_at: datetime
    opens_before: timedelta
    closes_after: timedelta
    late_after: timedelta
    early_before: timedelta
    needs_sign_out: bool

    @property
    def opens_at(self) -> datetime:
        return self.starts_at - self.opens_before

    @property
    def closes_at(self) -> datetime:
        return self.ends_at + self.closes_after

    def is_late(self, signed_in_at: datetime) -> bool:
        return signed_in_at > self.starts_at + self.late_after

    def is_early(self, signed_out_at: datetime) -> bool:
        return signed_out_at < self.ends_at - self.early_before


@dataclass(frozen=True)
class Finding:
    """A verdict with its reason, and by how many whole minutes somebody was late or left early."""

    verdict: Verdict
    reason: Reason
    late_minutes: int = 0
    early_minutes: int = 0


def finding(
    window: Window,
    *,
    signed_in_at: datetime | None,
    signed_out_at: datetime | None,
    has_leave: bool,
    at: datetime,
) -> Finding:
    """What the evidence says by itself. A human's decision stands above it (`Attendance`)."""
    if signed_in_at is None:
        if has_leave:
            return Finding(Verdict.ON_LEAVE, Reason.LEAVE_GRANTED)
        if at <= window.closes_at:
            return Finding(Verdict.EXPECTED, Reason.NOT_OVER)
        return Finding(Verdict.ABSENT, Reason.NO_SIGN_IN)
    late = _minutes(signed_in_at - window.starts_at) if window.is_late(signed_in_at) else 0
    if window.needs_sign_out and at > window.closes_at and signed_out_at is None:
        return Finding(Verdict.LEFT_EARLY, Reason.NO_SIGN_OUT, late)
    if window.needs_sign_out and signed_out_at is not None and window.is_early(signed_out_at):
        early = _minutes(window.ends_at - signed_out_at)
        reason = Reason.LATE_AND_OUT_EARLY if late else Reason.SIGNED_OUT_EARLY
        return Finding(Verdict.LEFT_EARLY, reason, late, early)
    if late:
        return Finding(Verdict.LATE, Reason.SIGNED_IN_LATE, late)
    return Finding(Verdict.ON_TIME, Reason.SIGNED_IN_IN_TIME)


def _minutes(span: timedelta) -> int:
    return int(span / timedelta(minutes=1))


class Doubt(StrEnum):
    """Why a scan does not count by itself. It is kept, and a human decides."""

    CODE_UNREADABLE = "code_unreadable"
    CODE_OF_ANOTHER_OCCASION = "code_of_another_occasion"
    CODE_OF_ANOTHER_PERSON = "code_of_another_person"
    CODE_STALE = "code_stale"
    CLOCK_CHANGED = "clock_changed"
    BEFORE_PACK = "before_pack"
    AFTER_RECEIPT = "after_receipt"
    PACK_EXPIRED = "pack_expired"
    DEVICE_REVOKED = "device_revoked"
    OUTSIDE_WINDOW = "outside_window"
    NOT_EXPECTED = "not_expected"
    OWN_WITNESS = "own_witness"


@dataclass(frozen=True)
class Clock:
    """A device's clock against the server's, read when the pack was issued and when it came back."""

    ahead_at_issue: timedelta
    ahead_at_sync: timedelta

    @property
    def was_set(self) -> bool:
        return abs(self.ahead_at_sync - self.ahead_at_issue) > CLOCK_TOLERANCE

    def server_time(self, device_time: datetime) -> datetime:
        """The device's reading corrected by what it was ahead when last compared."""
        return device_time - self.ahead_at_sync


@dataclass(frozen=True)
class Bounds:
    """What the server itself knows: nothing was scanned before the pack left or after it was back."""

    issued_at: datetime
    expires_at: datetime
    received_at: datetime
    revoked_at: datetime | None = None


def doubt_of_time(
    happened_at: datetime, *, clock: Clock, bounds: Bounds, window: Window
) -> Doubt | None:
    """The first reason not to believe the time of an offline scan; None if there is none."""
    if bounds.revoked_at is not None and bounds.revoked_at <= bounds.received_at:
        return Doubt.DEVICE_REVOKED
    if clock.was_set:
        return Doubt.CLOCK_CHANGED
    if happened_at < bounds.issued_at - CLOCK_TOLERANCE:
        return Doubt.BEFORE_PACK
    if happened_at > bounds.received_at + CLOCK_TOLERANCE:
        return Doubt.AFTER_RECEIPT
    if happened_at > bounds.expires_at:
        return Doubt.PACK_EXPIRED
    return outside(happened_at, window)


def outside(happened_at: datetime, window: Window) -> Doubt | None:
    is_inside = window.opens_at <= happened_at <= window.closes_at
    return None if is_inside else Doubt.OUTSIDE_WINDOW


@dataclass(frozen=True)
class LeaveStanding:
    """Leave taken of a class, as a share of its whole length."""

    taken: timedelta
    whole: timedelta

    @property
    def share(self) -> Fraction:
        if not self.whole:
            return Fraction(0)
        return Fraction(self.taken // timedelta(minutes=1), self.whole // timedelta(minutes=1))

    @property
    def is_over(self) -> bool:
        """Above one seventh exactly, in whole minutes; equal is not above."""
        return self.share > LEAVE_ALLOWED

    @property
    def is_near(self) -> bool:
        return not self.is_over and self.share >= LEAVE_WARNED

    @property
    def left(self) -> timedelta:
        """What may still be taken without being over; never negative."""
        allowed = self.whole // timedelta(minutes=1) * LEAVE_ALLOWED
        rest = int(allowed) - self.taken // timedelta(minutes=1)
        return timedelta(minutes=max(0, rest))
