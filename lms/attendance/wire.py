"""What a class manager's device sends: which occasions it takes along, and the scans it brings back."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from lms.attendance.models import Scan
from lms.attendance.receiving import MOST_AT_ONCE, SentScan

SCANS_BYTES = 512 * 1024
Short = Annotated[str, msgspec.Meta(max_length=200)]
Number = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class PackWanted(msgspec.Struct):
    """`device_at` is the device's own clock; `device_key` it made up once and kept."""

    device_key: UUID
    label: Annotated[str, msgspec.Meta(max_length=80)]
    occasions: Annotated[list[UUID], msgspec.Meta(min_length=1, max_length=20)]
    device_at: Moment


class WireScan(msgspec.Struct):
    """Who: `person_id` from the roster, or `staff_number` of somebody who walked in."""

    client_key: UUID
    occasion: UUID
    direction: Scan.Direction
    method: Scan.Method
    device_at: Moment
    person_id: Number | None = None
    staff_number: Annotated[str, msgspec.Meta(max_length=32)] = ""
    code: Annotated[str, msgspec.Meta(max_length=120)] = ""
    witness_id: Number | None = None
    note: Short = ""

    def as_sent(self, ids: dict[str, int]) -> SentScan:
        """`ids`: person ids by staff number; a number of nobody becomes nobody."""
        return SentScan(
            client_key=self.client_key,
            occasion_key=self.occasion,
            person_id=self.person_id or ids.get(self.staff_number, 0),
            direction=self.direction,
            method=self.method,
            device_at=self.device_at,
            code=self.code,
            witness_id=self.witness_id,
            note=self.note,
        )


class ScansBrought(msgspec.Struct):
    """`sent_at` is the device's clock when it sends: what its clock is wrong by shows here."""

    token: Short
    sent_at: Moment
    scans: Annotated[list[WireScan], msgspec.Meta(min_length=1, max_length=MOST_AT_ONCE)]
