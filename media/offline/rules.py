"""How much study without a network the server's clock can vouch for. Plain values."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from lms.common.spans import Spans, without


@dataclass(frozen=True)
class Window:
    """A pack's time: `spent_at_issue` is the person's counter of credited time when it began."""

    issued_at: datetime
    expires_at: datetime
    spent_at_issue: timedelta


def wall_time_used_to(window: Window, *, spent: timedelta, cost: timedelta) -> datetime:
    """Until when the clock is used up if everything credited since issue came first, then `cost`."""
    return window.issued_at + (spent - window.spent_at_issue) + cost


def fits(window: Window, *, spent: timedelta, cost: timedelta, at: datetime) -> bool:
    """Issue, everything credited since, and this: not beyond the return, nor beyond the expiry."""
    return wall_time_used_to(window, spent=spent, cost=cost) <= min(at, window.expires_at)


def fits_before(window: Window, later: Window, *, cost: timedelta) -> timedelta:
    """The part of `cost` that has room between both issues, and so takes nothing from `later`."""
    apart = later.issued_at - window.issued_at
    credited = later.spent_at_issue - window.spent_at_issue
    return min(cost, max(apart - credited, timedelta(0)))


def cost_of(claimed: Spans, *, counted: Spans, rate: float) -> timedelta:
    """Wall time the new seconds take at `rate`; a second that counts already costs nothing."""
    gained = sum(end - start for start, end in without(claimed, counted))
    return timedelta(seconds=gained / rate)
