"""Reads the whole ledger and checks every chain: the proof that nothing was changed afterwards."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lms.credits.models import LedgerEntry, LedgerHead
from lms.credits.rules import ZERO_HASH, entry_digest

FIELDS = (
    "person_id", "sequence", "bucket", "hours", "title", "happened_on", "posted_at", "posting_id",
    "policy_version__label", "grade", "outcome", "source_kind", "source_key", "evidence",
    "arithmetic", "actor_id", "reverses__sequence", "previous_hash", "hash",
)  # fmt: skip


@dataclass
class Verification:
    """How many entries were read, and where a chain does not hold."""

    entries: int
    broken: list[dict[str, Any]]


def verify_ledger() -> Verification:
    """Recompute every digest in order of person and sequence, in constant memory."""
    heads = dict(LedgerHead.objects.values_list("person_id", "sequence"))
    head_hashes = {p: bytes(h) for p, h in LedgerHead.objects.values_list("person_id", "hash")}
    result = Verification(0, [])
    person, sequence, previous = None, 0, ZERO_HASH
    for row in _rows():
        if row["person_id"] != person:
            _check_head(person, sequence, previous, heads, head_hashes, result)
            person, sequence, previous = row["person_id"], 0, ZERO_HASH
        result.entries += 1
        sequence += 1
        fault = _fault(row, sequence, previous)
        if fault:
            result.broken.append({"person": person, "sequence": row["sequence"], "problem": fault})
        sequence, previous = row["sequence"], bytes(row["hash"])
    _check_head(person, sequence, previous, heads, head_hashes, result)
    for lost, expected in heads.items():
        if expected:
            result.broken.append(
                {"person": lost, "sequence": expected, "problem": "entries missing"}
            )
    return result


def _rows() -> Iterator[dict[str, Any]]:
    return (
        LedgerEntry.objects.order_by("person_id", "sequence")
        .values(*FIELDS)
        .iterator(chunk_size=5000)
    )


def _fault(row: dict[str, Any], sequence: int, previous: bytes) -> str:
    if row["sequence"] != sequence:
        return "sequence broken"
    if bytes(row["previous_hash"]) != previous:
        return "not chained to the entry before"
    fields = {name: row[name] for name in FIELDS if "__" not in name}
    stored = bytes(fields.pop("hash"))
    digest = entry_digest(
        previous=bytes(fields.pop("previous_hash")),
        policy=row["policy_version__label"],
        reverses=row["reverses__sequence"],
        **fields,
    )
    return "" if digest == stored else "digest does not match the entry"


def _check_head(
    person: int | None,
    sequence: int,
    last: bytes,
    heads: dict[int, int],
    head_hashes: dict[int, bytes],
    result: Verification,
) -> None:
    if person is None:
        return
    if heads.pop(person, 0) != sequence or head_hashes.get(person) != last:
        result.broken.append(
            {
                "person": person,
                "sequence": sequence,
                "problem": "head does not match the last entry",
            }
        )
