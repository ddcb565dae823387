"""What a row and a seal are digested from, and where months begin. Plain Python.

The spelling of both records is a format: a new field of record needs a new version, not an edit.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

import msgspec

from lms.common.origin import plain_address

ZERO_HASH = b"\x00" * 32
# For text, whole numbers and truth values sorted output is RFC 8785; `storable` lets nothing else in.
_canonical = msgspec.json.Encoder(order="sorted").encode


def storable(value: Any) -> Any:
    """`value` as jsonb gives it back unchanged: text, whole numbers, truth values, lists, objects.

    Fractions become text, since jsonb writes some of them differently (1e16, -0.0); so do dates and
    keys. NUL and lone surrogates, which PostgreSQL refuses, are replaced.
    """
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Mapping):
        return {plain_text(str(key)): storable(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [storable(item) for item in value]
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date | datetime):
        return value.isoformat()
    return plain_text(str(value))


def plain_text(text: str) -> str:
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def entry_record(
    *,
    at: datetime,
    actor_id: int | None,
    posting_id: int | None,
    unit_id: int | None,
    action: str,
    object_type: str,
    object_id: str,
    subject_id: int | None,
    object_unit_id: int | None,
    outcome: str,
    code: str,
    reason: str,
    address: str | None,
    detail: Mapping[str, Any],
) -> bytes:
    """The bytes a row is digested from: every field of record as one JSON array.

    Text is UTF-8 and unescaped, objects have sorted keys, times are UTC with microseconds.
    """
    return _canonical([
        utc_text(at), actor_id, posting_id, unit_id, action, object_type, object_id, subject_id,
        object_unit_id, outcome, code, reason, plain_address(address), detail,
    ])  # fmt: skip


def entry_digest(**fields: Any) -> bytes:
    """sha256 of `entry_record`."""
    return sha256(entry_record(**fields)).digest()


def seal_digest(
    *, previous: bytes, number: int, batch: int, rows: Iterable[tuple[int, bytes]]
) -> tuple[bytes, int]:
    """The digest of a sealed batch and how many rows it covers.

    sha256 over the line `[previous,number,batch]` and one line `[id,digest]` for each row in order
    of id. The first element chains it to the seal before.
    """
    hashed = sha256(_canonical([previous.hex(), number, batch]) + b"\n")
    count = 0
    for row_id, digest in rows:
        hashed.update(b'[%d,"%s"]\n' % (row_id, digest.hex().encode()))
        count += 1
    return hashed.digest(), count


def utc_text(at: datetime) -> str:
    offset = at.utcoffset()
    if offset is None:
        raise ValueError("times of record carry a time zone")
    return (at - offset).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def months_from(first: date, count: int) -> list[date]:
    """The first days of `count` months, beginning with the one `first` lies in."""
    start = first.year * 12 + first.month - 1
    return [date(month // 12, month % 12 + 1, 1) for month in range(start, start + count)]
