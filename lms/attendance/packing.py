"""Devices of class managers, and the packs they take where there is no network."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext_noop

from lms.attendance.codes import code_key
from lms.attendance.models import Device, Expected, Occasion, Pack
from lms.common.errors import Refusal
from lms.journal.services import record
from lms.people.models import Person

SALT = "lms.attendance.pack"
# A pack outlives its last occasion so long: the way home, and a night without a network.
KEPT_AFTER = timedelta(hours=12)


class DeviceRevoked(Refusal):
    code = "device_revoked"
    sentence = gettext_noop(
        "这台设备已被停用，不能再下载签到包。请换一台设备，或请管理员重新登记。"
    )
    status = 403


class PackInvalid(Refusal):
    code = "pack_invalid"
    sentence = gettext_noop("签到包无法识别，可能被改动过。请联网重新下载；已扫的记录仍在设备上。")
    status = 403


class NothingToTake(Refusal):
    code = "nothing_to_take"
    sentence = gettext_noop("没有选中要带走的场次。请至少选一场。")


@dataclass(frozen=True)
class PackContents:
    """What the device stores, encrypted by itself. `token` is handed back with every scan."""

    token: str
    pack: Pack
    occasions: list[dict[str, Any]]


def register_device(*, holder: Person, label: str, key: UUID, at: datetime) -> Device:
    """The browser a class manager works with; the same key again is the same device."""
    with transaction.atomic():
        device, is_new = Device.objects.get_or_create(
            key=key, defaults={"holder": holder, "label": label[:80], "registered_at": at}
        )
        if device.holder_id != holder.pk:
            raise PackInvalid
        if is_new:
            record(action="attendance.device_registered", by=holder, at=at, obj=device)
    return device


def revoke_device(*, device: Device, reason: str, by: Person, at: datetime) -> None:
    """From now on no packs; what it still sends is kept in doubt until somebody decides."""
    with transaction.atomic():
        if Device.objects.filter(pk=device.pk, revoked_at=None).update(revoked_at=at):
            device.revoked_at = at
            record(action="attendance.device_revoked", by=by, at=at, obj=device, reason=reason)


def issue_pack(
    *, device: Device, occasions: Sequence[Occasion], device_at: datetime, by: Person, at: datetime
) -> PackContents:
    """Rosters and code keys of `occasions` for one device. `device_at` is the device's own clock.

    Raises DeviceRevoked, NothingToTake.
    """
    if not occasions:
        raise NothingToTake
    with transaction.atomic():
        device = Device.objects.select_for_update().get(pk=device.pk)
        if device.revoked_at is not None:
            raise DeviceRevoked
        pack = Pack.objects.create(
            device=device,
            issued_at=at,
            expires_at=max(o.window.closes_at for o in occasions) + KEPT_AFTER,
            ahead_ms=round((device_at - at) / timedelta(milliseconds=1)),
        )
        pack.occasions.set(occasions)
        detail = {"occasions": len(occasions)}
        record(action="attendance.pack_issued", by=by, at=at, obj=pack, detail=detail)
    return PackContents(signing.dumps(pack.key.hex, salt=SALT), pack, _contents(occasions))


def pack_of(*, token: str, by: Person) -> Pack:
    """The pack a device hands back, of whatever age: late scans are judged, not dropped.

    Raises PackInvalid for an edited token or another person's pack.
    """
    try:
        key = signing.loads(token, salt=SALT)
    except signing.BadSignature as error:
        raise PackInvalid from error
    pack = Pack.objects.select_related("device").filter(key=UUID(hex=key)).first()
    if pack is None or pack.device.holder_id != by.pk:
        raise PackInvalid
    return pack


def _contents(occasions: Sequence[Occasion]) -> list[dict[str, Any]]:
    rosters: dict[int, list[dict[str, Any]]] = {occasion.pk: [] for occasion in occasions}
    rows = Expected.objects.filter(occasion__in=occasions, withdrawn_at=None)
    keys = {occasion.pk: occasion.key for occasion in occasions}
    for row in rows.select_related("person", "posting__unit").order_by(
        "person__pinyin_initials", "person__name", "person_id"
    ):
        key = code_key(person_id=row.person_id, occasion_key=keys[row.occasion_id])
        rosters[row.occasion_id].append(
            {
                "id": row.person_id,
                "name": row.person.name,
                "initials": row.person.pinyin_initials,
                "unit": row.posting.unit.name,
                "post": row.posting.title,
                "key": b64encode(key).decode(),
            }
        )
    return [
        {
            "key": str(occasion.key),
            "title": occasion.title,
            "place": occasion.place,
            "starts_at": occasion.starts_at.isoformat(),
            "ends_at": occasion.ends_at.isoformat(),
            "opens_at": occasion.window.opens_at.isoformat(),
            "closes_at": occasion.window.closes_at.isoformat(),
            "late_after_minutes": occasion.late_after_minutes,
            "needs_sign_out": occasion.needs_sign_out,
            "roster": rosters[occasion.pk],
        }
        for occasion in occasions
    ]
