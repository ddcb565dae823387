"""The viewing token: what lets a player report watched intervals without a database read.

`base64url(payload).base64url(HMAC-SHA256(payload))`, both without padding. The payload is
fixed-width: it is read thousands of times a second.
"""

import hashlib
import hmac
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.conf import settings
from django.core.signals import setting_changed
from django.dispatch import receiver
from django.utils.encoding import force_bytes

from lms.common.errors import Refusal

# viewing id, person id, duration in seconds, rate in hundredths, expiry (unix), session fingerprint
_PAYLOAD = struct.Struct(">QQIHI8s")


class TokenInvalid(Refusal):
    code = "token_invalid"
    status = 403
    sentence = "观看凭证无效，请刷新页面后继续观看。"


class TokenExpired(Refusal):
    code = "token_expired"
    status = 401
    sentence = "观看凭证已过期，请刷新页面后继续观看。"


class TokenOfAnotherSession(Refusal):
    code = "token_of_another_session"
    status = 403
    sentence = "观看凭证不属于当前登录，请刷新页面后继续观看。"


@dataclass(frozen=True, slots=True)
class ViewingGrant:
    """What a token allows: this viewing of this person, up to this rate."""

    viewing_id: int
    person_id: int
    duration_seconds: int
    max_rate: float
    expires_at: int  # unix seconds
    session_fingerprint: bytes


def session_fingerprint(session_key: str) -> bytes:
    """Eight bytes that tell two sessions apart without giving the key away."""
    return hashlib.sha256(session_key.encode()).digest()[:8]


def issue_viewing_token(
    *,
    viewing_id: int,
    person_id: int,
    duration_seconds: int,
    max_rate: float,
    session_key: str,
    expires_at: datetime,
) -> str:
    payload = urlsafe_b64encode(
        _PAYLOAD.pack(
            viewing_id,
            person_id,
            duration_seconds,
            round(max_rate * 100),
            int(expires_at.timestamp()),
            session_fingerprint(session_key),
        )
    ).rstrip(b"=")
    return (payload + b"." + _signature(_keys()[0], payload)).decode()


def read_viewing_token(token: str, *, now: float, session_key: str | None) -> ViewingGrant:
    """The grant of `token` at `now` (unix seconds).

    `session_key` is the caller's session cookie, None when none came with the request.
    Raises TokenInvalid, TokenExpired, TokenOfAnotherSession.
    """
    payload, _, signature = token.encode("ascii", "replace").partition(b".")
    # The encoded signature is compared, so no second spelling of a token passes.
    if not any(hmac.compare_digest(_signature(key, payload), signature) for key in _keys()):
        raise TokenInvalid
    viewing_id, person_id, duration, hundredths, expires_at, fingerprint = _PAYLOAD.unpack(
        urlsafe_b64decode(payload + b"=" * (-len(payload) % 4))
    )
    if expires_at < now:
        raise TokenExpired
    if session_key is not None and session_fingerprint(session_key) != fingerprint:
        raise TokenOfAnotherSession
    return ViewingGrant(viewing_id, person_id, duration, hundredths / 100, expires_at, fingerprint)


def _signature(key: bytes, payload: bytes) -> bytes:
    return urlsafe_b64encode(hmac.digest(key, payload, "sha256")).rstrip(b"=")


@cache
def _keys() -> tuple[bytes, ...]:
    """The signing key first, then those still accepted while SECRET_KEY is being rotated."""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return tuple(hmac.digest(force_bytes(s), b"media.viewing-token", "sha256") for s in secrets)


@receiver(setting_changed)
def _forget_keys(*, setting: str, **_: object) -> None:
    if setting.startswith("SECRET_KEY"):
        _keys.cache_clear()
