"""Who may give which role to whom, and what is shown of a phone or mail; over plain values."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

MASK = "*"


@dataclass(frozen=True)
class Mandate:
    """One grant of whoever decides: the roles it lets them give, in which subtree, until when."""

    gives: frozenset[str]
    path: str
    until: date | None = None


@dataclass(frozen=True)
class Wish:
    """The grant asked for. `person_path`: the unit the person serves in, None without a posting."""

    role: str
    path: str
    from_date: date
    to_date: date | None
    person_path: str | None
    is_for_oneself: bool = False


@dataclass(frozen=True)
class Span:
    """A role held from a day to a day, both included; without an end it goes on."""

    role: str
    from_date: date
    to_date: date | None

    def meets(self, other: "Span") -> bool:
        return (other.to_date is None or self.from_date <= other.to_date) and (
            self.to_date is None or other.from_date <= self.to_date
        )


def grant_fault(*, wish: Wish, mandates: Sequence[Mandate], today: date) -> str | None:
    """Code of the first reason against the grant, None when it may be given (security 3)."""
    if wish.is_for_oneself:
        return "own_role"
    return _dates_fault(wish, today) or _scope_fault(wish, mandates)


def _dates_fault(wish: Wish, today: date) -> str | None:
    if wish.from_date < today:
        return "grant_begins_in_the_past"
    if wish.to_date is not None and wish.to_date < wish.from_date:
        return "grant_ends_before_it_begins"
    return None


def _scope_fault(wish: Wish, mandates: Sequence[Mandate]) -> str | None:
    able = [mandate for mandate in mandates if wish.role in mandate.gives]
    if not able:
        return "role_not_grantable"
    there = [mandate for mandate in able if wish.path.startswith(mandate.path)]
    if not there:
        return "unit_out_of_scope"
    near = [m for m in there if wish.person_path and wish.person_path.startswith(m.path)]
    if not near:
        return "person_out_of_scope"
    if not any(_lasts(mandate, wish.to_date) for mandate in near):
        return "grant_outlives_yours"
    return None


def _lasts(mandate: Mandate, until: date | None) -> bool:
    return mandate.until is None or (until is not None and until <= mandate.until)


def revoke_fault(
    *, role: str, path: str, mandates: Sequence[Mandate], is_own: bool, is_over: bool
) -> str | None:
    """Code of the first reason against ending the grant. Whoever may give a role there may end it."""
    if is_own:
        return "own_role"
    if is_over:
        return "grant_is_over"
    able = [mandate for mandate in mandates if role in mandate.gives]
    if not able:
        return "role_not_grantable"
    return None if any(path.startswith(m.path) for m in able) else "unit_out_of_scope"


def excluding(*, wish: Span, held: Iterable[Span], administrators: Iterable[str]) -> Span | None:
    """The administrator's role that forbids this one: the three exclude each other (design §6)."""
    others = set(administrators) - {wish.role}
    if wish.role not in set(administrators):
        return None
    return next((span for span in held if span.role in others and span.meets(wish)), None)


def masked_phone(number: str) -> str:
    """`13957801234` → `139****1234`."""
    return _masked(number, shown_first=3, shown_last=4)


def masked_email(address: str) -> str:
    """`wuxiaoyun@songyang.gov.cn` → `w********@songyang.gov.cn`."""
    name, at, domain = address.partition("@")
    return f"{_masked(name, shown_first=1, shown_last=0)}{at}{domain}" if at else MASK * len(name)


def _masked(text: str, *, shown_first: int, shown_last: int) -> str:
    hidden = len(text) - shown_first - shown_last
    if hidden <= 0:
        return MASK * len(text)
    return text[:shown_first] + MASK * hidden + text[len(text) - shown_last :]
