"""What signing in leaves behind and nobody needs any more. The journal keeps its own rows."""

from datetime import datetime, timedelta

from lms.people.models import SignIn, SignInFailures
from lms.people.throttle import FORGOTTEN_AFTER

SIGN_INS_KEPT = timedelta(days=400)  # logs are kept at least half a year


def drop_old_sign_ins(*, at: datetime) -> int:
    """Returns how many rows went."""
    failures, _ = SignInFailures.objects.filter(last_failed_at__lt=at - FORGOTTEN_AFTER).delete()
    sign_ins, _ = SignIn.objects.filter(ended_at__isnull=False, at__lt=at - SIGN_INS_KEPT).delete()
    never_left, _ = SignIn.objects.filter(last_seen_at__lt=at - SIGN_INS_KEPT).delete()
    return failures + sign_ins + never_left
