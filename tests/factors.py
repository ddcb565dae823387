"""What a phone would show, and a person with one."""

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)

from lms.people.models import Person

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def totp_now(secret: str = SECRET, step: int = 0) -> str:
    """The six digits of now; `step` 1 is what the phone shows next."""
    counters = list(yield_hotp_counters_from_time())
    return format_hotp_value(hotp_value(secret, counters[len(counters) // 2] + step))


def with_totp(person: Person) -> Authenticator:
    authenticator = TOTP.activate(person, SECRET).instance
    RecoveryCodes.activate(person)
    return authenticator


def recovery_codes(person: Person) -> list[str]:
    found = Authenticator.objects.get(user=person, type=Authenticator.Type.RECOVERY_CODES)
    return found.wrap().get_unused_codes()
