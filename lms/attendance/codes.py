"""A learner's personal code: `QJ1.person.occasion.step.mac`, good for one occasion and half a minute.

Each person has a key of their own for each occasion. The learner's page makes codes with it, a pack
carries the keys of its roster so that a device can check them without a network, and the server
checks again. A photograph of a code is a code of an earlier step. The code on the room's projector, read by
learners with their own phones, is that of person 0.
"""

import hashlib
import hmac
from base64 import b32encode
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.conf import settings
from django.utils.encoding import force_bytes

from lms.attendance.rules import CODE_STEP, CODE_TOLERANCE, Doubt

MARK = "QJ1"
THE_ROOM = 0
MAC_BYTES = 10


@dataclass(frozen=True)
class Code:
    person_id: int
    occasion_key: UUID
    step: int
    mac: str

    @property
    def shown_at(self) -> datetime:
        """When its step began."""
        return datetime.fromtimestamp(self.step * CODE_STEP.total_seconds(), UTC)


def step_of(at: datetime) -> int:
    return int(at.timestamp() // CODE_STEP.total_seconds())


def code_key(*, person_id: int, occasion_key: UUID, secret: str | bytes | None = None) -> bytes:
    """32 bytes; from the site's secret, so nothing is stored."""
    about = f"attendance code|{occasion_key.hex}|{person_id}"
    return hmac.digest(force_bytes(secret or settings.SECRET_KEY), about.encode(), hashlib.sha256)


def code_text(*, person_id: int, occasion_key: UUID, at: datetime) -> str:
    key = code_key(person_id=person_id, occasion_key=occasion_key)
    step = step_of(at)
    return f"{MARK}.{person_id}.{occasion_key.hex}.{step}.{_mac(key, step)}"


def code_read(text: str) -> Code | None:
    """None if it is not one of ours by its shape; whether it is genuine, `code_doubt` says."""
    parts = text.split(".")
    if len(text) > 120 or len(parts) != 5 or parts[0] != MARK:
        return None
    _mark, person, occasion, step, mac = parts
    if not (_is_number(person) and _is_number(step)):
        return None
    try:
        return Code(int(person), UUID(hex=occasion), int(step), mac)
    except ValueError:
        return None


def code_doubt(
    text: str, *, person_id: int, occasion_key: UUID, happened_at: datetime
) -> Doubt | None:
    """Why this code does not show that the person stood there at that time; None if it does."""
    code = code_read(text)
    if code is None or not _is_genuine(code):
        return Doubt.CODE_UNREADABLE
    if code.occasion_key != occasion_key:
        return Doubt.CODE_OF_ANOTHER_OCCASION
    if code.person_id != person_id:
        return Doubt.CODE_OF_ANOTHER_PERSON
    if abs(happened_at - code.shown_at) > CODE_TOLERANCE:
        return Doubt.CODE_STALE
    return None


def _is_genuine(code: Code) -> bool:
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        key = code_key(person_id=code.person_id, occasion_key=code.occasion_key, secret=secret)
        if hmac.compare_digest(_mac(key, code.step).encode(), code.mac.encode()):
            return True
    return False


def _mac(key: bytes, step: int) -> str:
    digest = hmac.digest(key, str(step).encode(), hashlib.sha256)
    return b32encode(digest[:MAC_BYTES]).decode()


def _is_number(text: str) -> bool:
    # Ten digits hold every step for the next nine thousand years and every id; isdigit alone
    # would let other scripts' digits in.
    return text.isascii() and text.isdigit() and len(text) <= 10
