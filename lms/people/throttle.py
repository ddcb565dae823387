"""Failures in a row slow the next attempt down: an account's fast, an address's far later.

An attempt is counted before the password is looked at and given back when it was right, so that a
hundred guesses sent at once are a hundred counted. Everything is kept in PostgreSQL.

A device somebody has signed in from is counted apart: an attacker can slow down strangers' devices,
never the one on the person's desk.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from lms.common.acts import note
from lms.common.errors import Refusal
from lms.people.models import Person, SignInFailures

FORGOTTEN_AFTER = timedelta(days=1)
NETWORK_BITS = 64  # one IPv6 customer owns all addresses below


class TooManyFailures(Refusal):
    """`until` is when the next attempt is heard."""

    code = "too_many_failures"
    sentence = gettext_noop("连续输错太多次，请过一会儿再试。")
    status = 429

    def __init__(self, *, until: datetime, at: datetime, is_address: bool) -> None:
        self.until = until
        self.is_address = is_address
        left = _wait_text(max(1, round((until - at).total_seconds())))
        text = (
            _("这个网络地址输错的次数太多，请过 %(left)s再试。以前登录过的电脑和手机不受影响。")
            if is_address
            else _("连续输错太多次，请过 %(left)s再试。急用请联系安全管理员解除。")
        )
        super().__init__(text % {"left": left})


def _wait_text(seconds: int) -> str:
    if seconds < 60:
        return ngettext("%(count)s 秒", "%(count)s 秒", seconds) % {"count": seconds}
    minutes = -(-seconds // 60)
    return ngettext("%(count)s 分钟", "%(count)s 分钟", minutes) % {"count": minutes}


@dataclass(frozen=True)
class Counted:
    """One thing that is counted, by which rule."""

    key: str
    is_address: bool = False


@dataclass(frozen=True)
class Attempt:
    """A counted attempt. `left` further failures are heard before the next one waits."""

    counted: tuple[Counted, ...]
    left: int
    locked_until: datetime | None

    def succeed(self) -> None:
        """It was right: the account starts anew, the address gets this one back."""
        for one in self.counted:
            _give_back(one)


def account_key(person: Person | None, typed: str) -> str:
    """What is counted for an account; one nobody has is counted alike, so that both answer alike."""
    if person is not None:
        return f"account:{person.pk}"
    return f"name:{digest(typed.strip().casefold())}"


def second_factor_key(person: Person) -> str:
    return f"factor:{person.pk}"


def password_key(person: Person) -> str:
    """Asking a signed-in person for the password they have now."""
    return f"password:{person.pk}"


def device_key(person: Person, device: str) -> str:
    return f"device:{person.pk}:{digest(device)}"


def activation_key(staff_number: str) -> str:
    return f"activation:{digest(staff_number.strip().casefold())}"


def digest(text: str) -> str:
    """Typed text may be a password in the wrong field; only this is kept."""
    return salted_hmac("lms.people.throttle", text, algorithm="sha256").hexdigest()[:40]


def address_key(address: str | None) -> str:
    try:
        found = ip_address(address or "")
    except ValueError:
        return "address:unknown"
    if isinstance(found, IPv6Address):
        return f"address:{ip_network((found, NETWORK_BITS), strict=False).network_address}"
    return f"address:{found}"


def begin_attempt(*, key: str, address: str | None, is_known: bool, at: datetime) -> Attempt:
    """Count one attempt. A known device answers for itself alone.

    Raises TooManyFailures, and then nothing is counted.
    """
    counted = [Counted(key)]
    if not is_known:
        counted.append(Counted(address_key(address), is_address=True))
    with transaction.atomic():
        rows = [_count(one, at) for one in counted]
    left = max(0, settings.QIANGJI["LOCK_AFTER_FAILURES"] - rows[0].failures)
    return Attempt(tuple(counted), left, rows[0].locked_until)


def forgive(*, keys: list[str]) -> int:
    """Forget the failures of these keys. Returns how many had any."""
    return SignInFailures.objects.filter(key__in=keys).delete()[0]


def unlock_account(*, person: Person, by: Person, at: datetime) -> None:
    """Forget what was counted for an account, on every device: its next attempt is heard."""
    keys = [
        account_key(person, ""),
        second_factor_key(person),
        password_key(person),
        activation_key(person.staff_number),
        *SignInFailures.objects.filter(key__startswith=f"device:{person.pk}:").values_list(
            "key", flat=True
        ),
    ]
    with transaction.atomic():
        forgotten = forgive(keys=keys)
        note(
            action="people.account_unlocked", by=by, at=at, obj=person,
            detail={"counters": forgotten},
        )  # fmt: skip


def _count(one: Counted, at: datetime) -> SignInFailures:
    SignInFailures.objects.bulk_create(
        [SignInFailures(key=one.key, first_failed_at=at, last_failed_at=at)], ignore_conflicts=True
    )
    row = SignInFailures.objects.select_for_update().get(key=one.key)
    if row.locked_until is not None and row.locked_until > at:
        raise TooManyFailures(until=row.locked_until, at=at, is_address=one.is_address)
    if _is_past(row, one, at):
        row.failures, row.first_failed_at = 0, at
    row.failures += 1
    row.last_failed_at = at
    row.locked_until = LIMITS[one.is_address](row)
    row.save()
    return row


def _is_past(row: SignInFailures, one: Counted, at: datetime) -> bool:
    if one.is_address:
        window = timedelta(seconds=settings.QIANGJI["ADDRESS_WINDOW_SECONDS"])
        return row.first_failed_at <= at - window
    return row.last_failed_at <= at - FORGOTTEN_AFTER


def _account_lock(row: SignInFailures) -> datetime | None:
    """Each failure past the free ones waits longer, up to the longest."""
    over = row.failures - settings.QIANGJI["LOCK_AFTER_FAILURES"]
    if over < 0:
        return None
    delays: list[int] = settings.QIANGJI["LOCK_SECONDS"]
    return row.last_failed_at + timedelta(seconds=delays[min(over, len(delays) - 1)])


def _address_lock(row: SignInFailures) -> datetime | None:
    if row.failures < settings.QIANGJI["ADDRESS_FAILURES"]:
        return None
    return row.first_failed_at + timedelta(seconds=settings.QIANGJI["ADDRESS_WINDOW_SECONDS"])


LIMITS: dict[bool, Callable[[SignInFailures], datetime | None]] = {
    True: _address_lock,
    False: _account_lock,
}


def _give_back(one: Counted) -> None:
    if not one.is_address:
        forgive(keys=[one.key])
        return
    with transaction.atomic():
        row = SignInFailures.objects.select_for_update().filter(key=one.key).first()
        if row is not None and row.failures:
            row.failures -= 1
            row.locked_until = _address_lock(row)
            row.save(update_fields=["failures", "locked_until"])
