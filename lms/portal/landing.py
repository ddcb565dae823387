"""What the landing page says of the rules, and its worked example."""

from typing import Any

from django.utils.translation import gettext_lazy

from courses.learning.rules import band_in_words
from lms.credits.models import PolicyVersion
from lms.credits.rules import Band, Rules
from lms.people.models import Posting
from lms.portal.years import in_person_bucket, required_of

# A lecture of 28 minutes with two small gaps: 26:25 watched, 25:12 needed.
EXAMPLE: dict[str, Any] = {
    "title": gettext_lazy("事项准入清单怎么用"),
    "duration_seconds": 1680,
    "watched": [(0, 730), (790, 1265), (1300, 1680)],
    "missing": [(730, 790), (1265, 1300)],
    "needed_seconds": 1512,
    "watched_seconds": 1585,
    "hours": "0.5",
}


def landing_policy(policy: PolicyVersion) -> dict[str, Any]:
    """`policy` of portal/landing.html."""
    rules = policy.figures()
    return {
        "title": policy.title,
        "label": policy.label,
        "coverage_percent": int(rules.coverage_share * 100),
        "daily_cap": rules.daily_cap,
        "bands": [
            {"label": band_in_words(_inside(band), rules).strip(), "hours": band.hours}
            for band in rules.bands
        ],
        "requirements": [
            row for level in Posting.PostLevel if (row := _requirement(level, rules)) is not None
        ],
    }


def _inside(band: Band) -> int:
    """A length in seconds that the band holds."""
    return int(band.minutes * 60) + 1


def _requirement(level: Posting.PostLevel, rules: Rules) -> dict[str, Any] | None:
    required = required_of(Posting(post_level=level), rules)
    if required.online is None or required.in_person is None:
        return None
    days = in_person_bucket(required.in_person, required.in_person, rules)["required_days"]
    return {
        "post_level": str(level.label),
        "online": required.online,
        "in_person": required.in_person,
        "in_person_days": days,
    }
