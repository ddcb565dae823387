"""The rules a reader is shown: those of their posting's unit, the site's for visitors."""

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from lms.common.clock import local_date
from lms.credits.models import PolicyVersion
from lms.credits.rules import Rules, rules_from
from lms.credits.selectors import policy_shown
from lms.people.models import Unit

# Shown where no unit above has rules yet: nothing earns, and the page says so by showing no hours.
NO_RULES = rules_from(
    {
        "coverage_share": "1",
        "video_bands": [],
        "daily_cap": "0",
        "max_rate": "2",
        "hours_per_day": "7.5",
        "requirements": {},
    }
)


def unit_of(request: HttpRequest) -> Unit | None:
    """Where who asks serves today; None for a visitor and for who has no posting."""
    posting = request.posting if request.user.is_authenticated else None  # type: ignore[attr-defined]
    return posting.unit if posting else None


def policy_shown_to(request: HttpRequest) -> PolicyVersion | None:
    site = settings.QIANGJI["SITE_UNIT_CODE"]
    unit = unit_of(request) or Unit.objects.filter(code=site).first()
    return policy_shown(unit=unit, on=local_date(timezone.now())) if unit else None


def rules_of(policy: PolicyVersion | None) -> Rules:
    return policy.figures() if policy else NO_RULES
