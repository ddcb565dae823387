"""Signed path prefixes: `/videos/s/<token>/<build>/<file>`, so that relative names inherit the right.

The token names the video, who asked and until when; its HMAC also covers the build. That the one who
fetches is the one who asked is looked at besides (`media.permits`, ADR 0022).
"""

import hashlib
import hmac
import struct
import uuid
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.conf import settings
from django.core.signals import setting_changed
from django.dispatch import receiver
from django.utils.encoding import force_bytes

from lms.common.errors import Refusal

PREFIX = "/videos/s/"
# Expiries fall on full quarters, so that a page opened twice gives the same addresses and the
# browser's cache answers the second time.
QUANTUM_SECONDS = 900
_PAYLOAD = struct.Struct(">16sIQ")


class LinkInvalid(Refusal):
    code = "link_invalid"
    status = 403
    sentence = "播放地址无效，请刷新页面后再看。"


class LinkExpired(Refusal):
    code = "link_expired"
    status = 403
    sentence = "播放地址已过期，请刷新页面后再看。"


@dataclass(frozen=True, slots=True)
class Link:
    """What a valid prefix allows."""

    video_key: uuid.UUID
    build: uuid.UUID
    viewer_id: int
    expires_at: int  # unix seconds


def signed_prefix(*, video_key: uuid.UUID, build: uuid.UUID, viewer_id: int, at: datetime) -> str:
    """The path, ending in a slash, under which the files of a build may be fetched from now on."""
    lifetime = settings.QIANGJI["DELIVERY_TOKEN_SECONDS"]
    expires_at = -(-(int(at.timestamp()) + lifetime) // QUANTUM_SECONDS) * QUANTUM_SECONDS
    payload = _encoded(_PAYLOAD.pack(video_key.bytes, expires_at, viewer_id))
    return f"{PREFIX}{payload}.{_signature(_keys()[0], payload, build)}/{build}/"


def read_link(*, token: str, build: uuid.UUID, now: float) -> Link:
    """Raises LinkInvalid, LinkExpired."""
    payload, _, signature = token.partition(".")
    if not any(hmac.compare_digest(_signature(k, payload, build), signature) for k in _keys()):
        raise LinkInvalid
    data = urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    key, expires_at, viewer_id = _PAYLOAD.unpack(data)
    if expires_at < now:
        raise LinkExpired
    return Link(uuid.UUID(bytes=key), build, viewer_id, expires_at)


def _encoded(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _signature(key: bytes, payload: str, build: uuid.UUID) -> str:
    return _encoded(hmac.digest(key, payload.encode() + build.bytes, "sha256"))


@cache
def _keys() -> tuple[bytes, ...]:
    """The signing key first, then those still accepted while SECRET_KEY is being rotated."""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return tuple(hashlib.sha256(b"media.links:" + force_bytes(s)).digest() for s in secrets)


@receiver(setting_changed)
def _forget_keys(*, setting: str, **_: object) -> None:
    if setting.startswith("SECRET_KEY"):
        _keys.cache_clear()
