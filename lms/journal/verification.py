"""Reads the whole journal and checks every row and seal: the proof that nothing was changed afterwards."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import transaction

from lms.journal.models import JournalEntry, JournalSeal
from lms.journal.rules import ZERO_HASH, entry_digest, seal_digest

FIELDS = (
    "at", "actor_id", "posting_id", "unit_id", "action", "object_type", "object_id", "subject_id",
    "object_unit_id", "outcome", "code", "reason", "address", "detail",
)  # fmt: skip
CHUNK_ROWS = 5000
Row = dict[str, Any]


@dataclass
class Verification:
    """How many rows were read, how many wait for their seal, and where the record does not hold.

    A fault is {"row": id} or {"seal": number} with {"problem": sentence}.
    """

    rows: int = 0
    seals: int = 0
    unsealed: int = 0
    broken: list[dict[str, Any]] = field(default_factory=list)


def verify_journal(
    *, heads: Sequence[Mapping[str, Any]] = (), since: datetime | None = None
) -> Verification:
    """Recompute every digest and seal in constant memory.

    `heads` are ends of the chain as they left the house ({"number", "hash"}): what they sealed must
    still be here. With `since` rows sealed before it are passed over; the chain of seals is not.
    """
    result = Verification()
    with transaction.atomic():
        seals = {seal.batch: seal for seal in _chained_seals(result)}
        _check_heads(heads, seals, result)
        old = [s.batch for s in seals.values() if since is not None and s.sealed_at < since]
        _check_rows(seals, max(old, default=None), result)
    return result


def _chained_seals(result: Verification) -> Iterator[JournalSeal]:
    number, previous, batch = 0, ZERO_HASH, 0
    for seal in JournalSeal.objects.order_by("number"):
        number += 1
        if seal.number != number or bytes(seal.previous_hash) != previous or seal.batch <= batch:
            _add(result, seal=seal.number, problem="not chained to the seal before")
        number, previous, batch = seal.number, bytes(seal.hash), seal.batch
        result.seals += 1
        yield seal


def _check_heads(
    heads: Sequence[Mapping[str, Any]], seals: Mapping[int, JournalSeal], result: Verification
) -> None:
    known = {seal.number: bytes(seal.hash).hex() for seal in seals.values()}
    for head in heads:
        number, digest = int(head["number"]), str(head["hash"])
        if number and known.get(number) != digest:
            problem = "differs from the exported head" if number in known else "missing at the end"
            _add(result, seal=number, problem=problem)


def _check_rows(seals: dict[int, JournalSeal], after: int | None, result: Verification) -> None:
    last = max(seals, default=0)
    waiting = {batch: seal for batch, seal in seals.items() if after is None or batch > after}
    entries = JournalEntry.objects.all()
    rows = (
        (entries if after is None else entries.filter(batch__gt=after))
        .order_by("batch", "id")
        .values(*FIELDS, "id", "batch", "digest")
        .iterator(chunk_size=CHUNK_ROWS)
    )
    for batch, members in groupby(rows, key=itemgetter("batch")):
        seal = waiting.pop(batch, None)
        checked = _digests(members, result, is_late=seal is None and batch <= last)
        if seal is None:
            count = sum(1 for _row in checked)
            result.unsealed += count if batch > last else 0
        else:
            _check_seal(seal, checked, result)
    for seal in waiting.values():
        _add(result, seal=seal.number, problem=f"all {seal.rows} rows missing")


def _digests(
    rows: Iterator[Row], result: Verification, *, is_late: bool
) -> Iterator[tuple[int, bytes]]:
    """(id, stored digest) of each row, its own digest checked on the way."""
    for row in rows:
        result.rows += 1
        stored = bytes(row["digest"])
        if entry_digest(**{name: row[name] for name in FIELDS}) != stored:
            _add(result, row=row["id"], problem="digest does not match the row")
        elif is_late:
            _add(result, row=row["id"], problem="added to a batch after it was sealed")
        yield row["id"], stored


def _check_seal(seal: JournalSeal, rows: Iterator[tuple[int, bytes]], result: Verification) -> None:
    digest, count = seal_digest(
        previous=bytes(seal.previous_hash), number=seal.number, batch=seal.batch, rows=rows
    )
    if count != seal.rows:
        _add(result, seal=seal.number, problem=f"{seal.rows} rows sealed, {count} here")
    elif digest != bytes(seal.hash):
        _add(result, seal=seal.number, problem="rows differ from what was sealed")


def _add(result: Verification, **fault: Any) -> None:
    result.broken.append(fault)
