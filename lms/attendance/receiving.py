"""Scans that come back from devices, late, shuffled and twice: each is kept once, none is dropped."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import msgspec
from django.db import transaction

from lms.attendance.codes import code_doubt
from lms.attendance.models import Expected, Occasion, Pack, Scan
from lms.attendance.rules import Bounds, Clock, Doubt, doubt_of_time
from lms.common.errors import Refusal
from lms.journal.services import record
from lms.people.models import Person

MOST_AT_ONCE = 500


class TooManyScans(Refusal):
    code = "too_many_scans"
    sentence = f"一次最多上传 {MOST_AT_ONCE} 条签到。请分几次上传。"
    status = 413


@dataclass(frozen=True)
class SentScan:
    """One scan as a device tells it. `device_at` is the device's own clock, uncorrected."""

    client_key: UUID
    occasion_key: UUID
    person_id: int
    direction: Scan.Direction
    method: Scan.Method
    device_at: datetime
    code: str = ""
    witness_id: int | None = None
    note: str = ""

    @property
    def digest(self) -> bytes:
        return hashlib.sha256(msgspec.json.encode(self)).digest()


class Outcome(StrEnum):
    KEPT = "kept"
    DOUBTED = "doubted"  # kept too, and shown to a human
    CHANGED = "changed"  # the same key came before with another body; that one stands
    UNKNOWN = "unknown"  # not an occasion of this pack, or nobody of that number


@dataclass(frozen=True)
class Receipt:
    """What became of one sent scan. Everything but UNKNOWN may be forgotten by the device."""

    client_key: UUID
    outcome: Outcome
    doubt: str = ""


def receive_scans(
    *, pack: Pack, scans: Sequence[SentScan], sent_at: datetime, by: Person, at: datetime
) -> list[Receipt]:
    """Keep what a device brings back, in one transaction and a constant number of statements.

    `sent_at` is the device's clock when it sent. Receipts come in the order of `scans`. Sending
    again gives the same receipts. Raises TooManyScans.
    """
    if len(scans) > MOST_AT_ONCE:
        raise TooManyScans
    with transaction.atomic():
        judged = _Judge(pack=pack, clock=_clock(pack, sent_at, at), scans=scans, by=by, at=at)
        receipts = keep_scans([(sent, judged.row(sent)) for sent in scans], by=by)
        Pack.objects.filter(pk=pack.pk).update(synced_at=at)
        doubted = sum(each.outcome == Outcome.DOUBTED for each in receipts)
        detail = {"scans": len(scans), "doubted": doubted}
        record(action="attendance.scans_received", by=by, at=at, obj=pack, detail=detail)
    return receipts


def keep_scans(scans: Sequence[tuple[SentScan, Scan | None]], *, by: Person) -> list[Receipt]:
    """Insert the rows not there yet; what came before under the same key stands. Two statements."""
    rows = [row for _sent, row in scans if row is not None]
    Scan.objects.bulk_create(rows, ignore_conflicts=True)
    found = Scan.objects.filter(by=by, client_key__in={row.client_key for row in rows})
    kept = {
        key: (bytes(digest), doubt)
        for key, digest, doubt in found.values_list("client_key", "digest", "doubt")
    }
    return [_receipt(sent, kept.get(sent.client_key)) for sent, _row in scans]


def _clock(pack: Pack, sent_at: datetime, at: datetime) -> Clock:
    return Clock(timedelta(milliseconds=pack.ahead_ms), sent_at - at)


class _Judge:
    """What the scans are judged by, read at once."""

    def __init__(
        self, *, pack: Pack, clock: Clock, scans: Sequence[SentScan], by: Person, at: datetime
    ) -> None:
        self.pack, self.clock, self.by, self.at = pack, clock, by, at
        self.bounds = Bounds(pack.issued_at, pack.expires_at, at, pack.device.revoked_at)
        self.occasions: Mapping[UUID, Occasion] = {o.key: o for o in pack.occasions.all()}
        self.windows = {key: occasion.window for key, occasion in self.occasions.items()}
        self.expected = set(
            Expected.objects.filter(
                occasion__in=self.occasions.values(), withdrawn_at=None
            ).values_list("occasion_id", "person_id")
        )
        self.persons = _known_persons(scans)

    def row(self, sent: SentScan) -> Scan | None:
        """The scan as it will be kept; None where there is nobody or nothing to keep it for."""
        occasion = self.occasions.get(sent.occasion_key)
        if occasion is None or sent.person_id not in self.persons:
            return None
        happened_at = self.clock.server_time(sent.device_at)
        return Scan(
            occasion=occasion,
            person_id=sent.person_id,
            direction=sent.direction,
            method=sent.method,
            happened_at=happened_at,
            device_at=sent.device_at,
            received_at=self.at,
            pack=self.pack,
            by=self.by,
            witness_id=sent.witness_id if sent.witness_id in self.persons else None,
            note=sent.note[:200],
            doubt=self._doubt(sent, occasion, happened_at) or "",
            client_key=sent.client_key,
            digest=sent.digest,
        )

    def _doubt(self, sent: SentScan, occasion: Occasion, happened_at: datetime) -> Doubt | None:
        time = doubt_of_time(
            happened_at,
            clock=self.clock,
            bounds=self.bounds,
            window=self.windows[sent.occasion_key],
        )
        if time is not None:
            return time
        if sent.method == Scan.Method.CODE:
            doubt = code_doubt(
                sent.code,
                person_id=sent.person_id,
                occasion_key=sent.occasion_key,
                happened_at=happened_at,
            )
            if doubt is not None:
                return doubt
        return self._doubt_of_people(sent, occasion)

    def _doubt_of_people(self, sent: SentScan, occasion: Occasion) -> Doubt | None:
        if sent.method == Scan.Method.WITNESS and (
            sent.witness_id not in self.persons or sent.witness_id == sent.person_id
        ):
            return Doubt.OWN_WITNESS
        if (occasion.pk, sent.person_id) not in self.expected and not sent.note:
            return Doubt.NOT_EXPECTED
        return None


def _known_persons(scans: Iterable[SentScan]) -> set[int]:
    named = {i for scan in scans for i in (scan.person_id, scan.witness_id) if i is not None}
    return set(Person.objects.filter(pk__in=named).values_list("pk", flat=True))


def _receipt(sent: SentScan, kept: tuple[bytes, str] | None) -> Receipt:
    if kept is None:
        return Receipt(sent.client_key, Outcome.UNKNOWN)
    digest, doubt = kept
    if digest != sent.digest:
        return Receipt(sent.client_key, Outcome.CHANGED, doubt)
    return Receipt(sent.client_key, Outcome.DOUBTED if doubt else Outcome.KEPT, doubt)
