"""The ledger part: every entry with the bytes it was digested from, and each person's chain head."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

import msgspec

from lms.archive.bag import HashingFile
from lms.archive.chain import entry_line
from lms.archive.writers.portfolio import canonical
from lms.common.errors import Refusal
from lms.credits.rules import entry_record

_decode = msgspec.json.decode
_encode = msgspec.json.Encoder(order="sorted").encode


class LedgerBroken(Refusal):
    code = "ledger_broken"
    sentence = "台账里有一笔与它的散列不符，没有封装。请审计员运行 verify_ledger 查明。"
    status = 409


@dataclass(slots=True)
class EntryRow:
    """One ledger entry as the database writes it in text, before anything is interpreted."""

    person_id: int
    sequence: int
    previous_hash: str
    bucket: str
    hours: str
    title: str
    happened_on: str
    posted_at: str
    posting_id: int
    policy: str
    grade: str
    outcome: str
    source_kind: str
    source_key: str
    evidence: Any
    arithmetic: Any
    actor_id: int | None
    reverses: int | None
    hash: str
    # Title and evidence of the entry this one reverses.
    reversed_title: str | None
    reversed_evidence: Any

    @classmethod
    def from_text(cls, row: tuple[Any, ...]) -> "EntryRow":
        values = list(row)
        for index in (0, 1, 8):
            values[index] = int(values[index])
        for index in (14, 15, 20):
            values[index] = _decode(values[index]) if values[index] else None
        for index in (16, 17):
            values[index] = int(values[index]) if values[index] else None
        return cls(*values)

    def record(self) -> bytes:
        """The bytes the ledger digested. Raises LedgerBroken where they no longer give the hash."""
        fast = _encode([
            self.previous_hash, self.person_id, self.sequence, self.bucket, self.hours, self.title,
            self.happened_on, self.posted_at, self.posting_id, self.policy, self.grade,
            self.outcome, self.source_kind, self.source_key, self.evidence, self.arithmetic,
            self.actor_id, self.reverses,
        ])  # fmt: skip
        if sha256(fast).hexdigest() == self.hash:
            return fast
        # Some numbers are written differently by the two JSON writers; the ledger's own decides.
        exact = self._record_by_ledger()
        if sha256(exact).hexdigest() != self.hash:
            raise LedgerBroken(
                f"台账里人员 {self.person_id} 的第 {self.sequence} 笔与它的散列不符，没有封装。"
            )
        return exact

    def _record_by_ledger(self) -> bytes:
        return entry_record(
            previous=bytes.fromhex(self.previous_hash),
            person_id=self.person_id,
            sequence=self.sequence,
            bucket=self.bucket,
            hours=Decimal(self.hours),
            title=self.title,
            happened_on=date.fromisoformat(self.happened_on),
            posted_at=datetime.fromisoformat(self.posted_at),
            posting_id=self.posting_id,
            policy=self.policy,
            grade=self.grade,
            outcome=self.outcome,
            source_kind=self.source_kind,
            source_key=self.source_key,
            evidence=self.evidence,
            arithmetic=self.arithmetic,
            actor_id=self.actor_id,
            reverses=self.reverses,
        )


@dataclass(slots=True)
class PersonChain:
    """The stretch of one person's chain that is in this package."""

    first_sequence: int = 0
    last_sequence: int = 0
    last_hash: str = ""
    entries: int = 0

    def as_json(self) -> dict[str, object]:
        return {
            "first_sequence": self.first_sequence,
            "last_sequence": self.last_sequence,
            "last_hash": self.last_hash,
            "entries": self.entries,
        }


class LedgerWriter:
    """Entries in order of person and sequence; `close_person` writes the head."""

    def __init__(self, entries: HashingFile, heads: HashingFile) -> None:
        self._entries, self._heads = entries, heads
        self.chain = PersonChain()

    def write(self, row: EntryRow, staff_number: str) -> None:
        chain = self.chain
        self._entries.write(entry_line(row.hash, staff_number, row.record()))
        if not chain.entries:
            chain.first_sequence = row.sequence
        chain.last_sequence, chain.last_hash = row.sequence, row.hash
        chain.entries += 1

    def close_person(self, person_id: int, staff_number: str) -> PersonChain:
        chain, self.chain = self.chain, PersonChain()
        head = {"person_id": person_id, "staff_number": staff_number, **chain.as_json()}
        self._heads.write(canonical(head) + b"\n")
        return chain
