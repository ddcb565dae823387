"""An occasion tomorrow afternoon, its roster, and a class manager's device, by the real services."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from lms.attendance.models import Device, Occasion, Pack, Scan
from lms.attendance.packing import issue_pack, register_device
from lms.attendance.receiving import Receipt, SentScan, receive_scans
from lms.attendance.services import expect, open_occasion
from lms.people.models import Person
from tests import world

START = datetime(2026, 11, 26, 6, 0, tzinfo=UTC)  # two in the afternoon in Shanghai
END = START + timedelta(hours=3)
ISSUED = START - timedelta(hours=8)
BACK = END + timedelta(hours=5)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def occasion(source_key: str = "stop-1", **facts: Any) -> Occasion:
    fields: dict[str, Any] = {
        "title": "网格事项怎么闭环（大东坝镇）",
        "place": "大东坝镇文化礼堂",
        "owner_unit": world.county(),
        "starts_at": START,
        "ends_at": END,
    }
    return open_occasion(
        kind=Occasion.Kind.CLASS, source_key=source_key, facts=fields | facts, by=None, at=ISSUED
    )


def roster(where: Occasion, names: Sequence[str] = ("吴晓芸",)) -> list[Person]:
    persons = [world.learner(name) for name in names]
    expect(occasion=where, persons=persons, via="signed_up", by=None, at=ISSUED)
    return persons


def device(holder: Person) -> Device:
    return register_device(holder=holder, label="办公室平板", key=uuid4(), at=ISSUED)


def pack(
    holder: Person, *occasions: Occasion, ahead: timedelta = timedelta(), on: Device | None = None
) -> Pack:
    """Issued in the morning to a device whose clock is `ahead` of the server's."""
    return issue_pack(
        device=on or device(holder), occasions=occasions, device_at=ISSUED + ahead, by=holder,
        at=ISSUED,
    ).pack  # fmt: skip


def scan(where: Occasion, person: Person, device_at: datetime = START, **facts: Any) -> SentScan:
    """A name tapped at the door."""
    fields: dict[str, Any] = {
        "client_key": uuid4(),
        "occasion_key": where.key,
        "person_id": person.pk,
        "direction": Scan.Direction.IN,
        "method": Scan.Method.NAME,
        "device_at": device_at,
    }
    return SentScan(**fields | facts)


def send(
    taken: Pack, *scans: SentScan, ahead: timedelta = timedelta(), at: datetime = BACK
) -> list[Receipt]:
    by = taken.device.holder
    return receive_scans(pack=taken, scans=scans, sent_at=at + ahead, by=by, at=at)


def key(number: int) -> UUID:
    return UUID(int=number)
