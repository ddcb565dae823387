"""A person's year against the requirement: two buckets that never net each other."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Any

from lms.credits.models import Bucket, PolicyVersion
from lms.credits.rules import Rules
from lms.people.columns import Served

CYCLE_START, CYCLE_YEARS = 2023, 5  # 2023–2027, 《干部教育培训工作条例》 and the national plan
QUARTER = Decimal("0.25")
DEFAULT_HOURS_PER_DAY = Decimal("7.5")


@dataclass(frozen=True)
class Required:
    """Hours asked of a post level in a year; None where nothing is asked by the year."""

    online: Decimal | None = None
    in_person: Decimal | None = None


def required_of(posting: Served | None, rules: Rules | None) -> Required:
    if posting is None or rules is None:
        return Required()
    figures = rules.requirements.get(posting.post_level, {})
    return Required(*(_decimal(figures.get(bucket)) for bucket in ("online", "in_person")))


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def online_bucket(earned: Decimal, required: Decimal | None, today: date | None) -> dict[str, Any]:
    """partials/bucket_online.html; `today` is None for a year that is over."""
    missing = max(required - earned, Decimal(0)) if required is not None else Decimal(0)
    expected = weekly = None
    if required and today:
        day, days = today.timetuple().tm_yday, date(today.year, 12, 31).timetuple().tm_yday
        expected = (required * day / days).quantize(Decimal("0.1"), ROUND_HALF_UP)
        weeks = Decimal(max(days - day, 1)) / 7
        weekly = (missing / weeks / QUARTER).quantize(Decimal(1), ROUND_UP) * QUARTER
    return {
        "earned": earned,
        "required": required,
        "missing": missing,
        "expected": expected,
        "weekly": weekly if missing else None,
    }


def in_person_bucket(
    earned: Decimal, required: Decimal | None, rules: Rules | None
) -> dict[str, Any]:
    """partials/bucket_in_person.html."""
    per_day = rules.hours_per_day if rules else DEFAULT_HOURS_PER_DAY
    missing = max(required - earned, Decimal(0)) if required is not None else Decimal(0)
    return {
        "earned": earned,
        "required": required,
        "missing": missing,
        "hours_per_day": per_day,
        "missing_days": _days(missing, per_day),
        "required_days": _days(required or Decimal(0), per_day),
    }


def _days(hours: Decimal, per_day: Decimal) -> Decimal:
    return (hours / per_day).quantize(Decimal("0.1"), ROUND_HALF_UP)


def cycle_of(year: int) -> range:
    start = CYCLE_START + (year - CYCLE_START) // CYCLE_YEARS * CYCLE_YEARS
    return range(start, start + CYCLE_YEARS)


def cycle_rows(
    totals: dict[tuple[int, str], Decimal], required: Required, year: int, this_year: int
) -> dict[str, Any]:
    """portal/record.html's `cycle`: hours are None for years that have not begun."""
    years = cycle_of(year)
    return {
        "label": f"{years[0]}–{years[-1]}",
        "rows": [
            {
                "year": y,
                "online": totals.get((y, Bucket.ONLINE), Decimal(0)) if y <= this_year else None,
                "online_required": required.online,
                "in_person": totals.get((y, Bucket.IN_PERSON), Decimal(0))
                if y <= this_year
                else None,
                "in_person_required": required.in_person,
            }
            for y in years
        ],
    }


def figures_of(policy: PolicyVersion | None) -> Rules | None:
    return policy.figures() if policy else None
