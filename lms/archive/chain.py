"""The ledger inside a package: its line format, and the proof that it chains. Plain Python.

A line of data/ledger/entries.jsonl is `{"hash":H,"staff_number":S,"record":[…]}`. The bytes of the
array after `"record":` are exactly what the ledger digested: H is their sha256, and the array's first
element is the hash of the same person's entry before it. Anybody can check that with sha256 alone.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import msgspec

from lms.credits.rules import ZERO_HASH

ENTRIES = "ledger/entries.jsonl"
HEADS = "ledger/heads.jsonl"
SUMMARY = "package.json"
RECORD = b',"record":'
# Order of the array, as lms.credits.rules digests it.
RECORD_FIELDS = (
    "previous_hash", "person_id", "sequence", "bucket", "hours", "title", "happened_on", "posted_at",
    "posting_id", "policy", "grade", "outcome", "source_kind", "source_key", "evidence",
    "arithmetic", "actor_id", "reverses_sequence",
)  # fmt: skip

BrokenLink = tuple[str, str, str]
ENTRIES_PATH, HEADS_PATH = f"data/{ENTRIES}", f"data/{HEADS}"


class EntryHead(msgspec.Struct, array_like=True):
    """The first five fields of a record; the rest is not needed to follow the chain."""

    previous_hash: str
    person_id: int
    sequence: int
    bucket: str
    hours: str


class PersonHead(msgspec.Struct):
    """A line of heads.jsonl."""

    person_id: int
    last_sequence: int
    last_hash: str
    entries: int


@dataclass
class _Link:
    person_id: int = 0
    sequence: int = 0
    hash: str = ""
    entries: int = 0


def entry_line(hashed: str, staff_number: str, record: bytes) -> bytes:
    name = json.dumps(staff_number, ensure_ascii=False).encode()
    return b'{"hash":"%s","staff_number":%s%s%s}\n' % (hashed.encode(), name, RECORD, record)


def chain_problems(root: Path) -> list[BrokenLink]:
    """Broken links between the entries of a package, its heads and its summary."""
    try:
        return list(_broken_links(root))
    except (OSError, ValueError, msgspec.MsgspecError) as error:
        kind = type(error).__name__
        return [("ledger_unreadable", ENTRIES_PATH, f"台账部分读不出来（{kind}）。")]


def _broken_links(root: Path) -> Iterator[BrokenLink]:
    head_type = msgspec.json.Decoder(PersonHead)
    count, hundredths = 0, 0
    link = _Link()
    with (root / ENTRIES_PATH).open("rb") as lines, (root / HEADS_PATH).open("rb") as heads:
        for line in lines:
            entry, hashed, is_intact = _parsed(line)
            count += 1
            hundredths += int(entry.hours.replace(".", ""))
            if entry.person_id != link.person_id:
                if link.entries:
                    yield from _head_problem(link, heads.readline(), head_type)
                link = _Link(person_id=entry.person_id)
            yield from _link_problem(link, entry, is_intact, count)
            link.sequence, link.hash = entry.sequence, hashed
            link.entries += 1
        if link.entries:
            yield from _head_problem(link, heads.readline(), head_type)
        if heads.readline():
            yield "head_differs", HEADS_PATH, "链头比台账里的人多。"
    yield from _summary_problem(root, count, hundredths)


_decode_entry = msgspec.json.Decoder(EntryHead).decode


def _parsed(line: bytes) -> tuple[EntryHead, str, bool]:
    at = line.index(RECORD) + len(RECORD)
    record = line[at:-2]
    hashed = sha256(record).hexdigest()
    return _decode_entry(record), hashed, line.startswith(b'{"hash":"%s"' % hashed.encode())


def _link_problem(
    link: _Link, entry: EntryHead, is_intact: bool, number: int
) -> Iterator[BrokenLink]:
    where = f"第 {number} 行（第 {entry.sequence} 笔）"
    if not is_intact:
        yield "entry_changed", ENTRIES_PATH, f"{where}的内容与它的散列不符。"
    if entry.sequence <= link.sequence:
        yield "chain_broken", ENTRIES_PATH, f"{where}的序号没有递增。"
    # A gap is filled by another package; only neighbours can be compared here.
    elif entry.sequence == link.sequence + 1:
        before = link.hash or ZERO_HASH.hex()
        if entry.previous_hash != before:
            yield "chain_broken", ENTRIES_PATH, f"{where}接不上前一笔。"


def _head_problem(
    link: _Link, line: bytes, decoder: msgspec.json.Decoder[PersonHead]
) -> Iterator[BrokenLink]:
    head = decoder.decode(line or b"{}")
    seen = (link.person_id, link.sequence, link.hash, link.entries)
    if (head.person_id, head.last_sequence, head.last_hash, head.entries) != seen:
        yield "head_differs", HEADS_PATH, f"人员 {link.person_id} 的链头与台账不符。"


def _summary_problem(root: Path, count: int, hundredths: int) -> Iterator[BrokenLink]:
    summary = json.loads((root / "data" / SUMMARY).read_bytes())
    said = (summary["entries"], int(summary["hours"].replace(".", "")))
    if said != (count, hundredths):
        yield "summary_differs", f"data/{SUMMARY}", "条数或学时合计与台账不符。"
