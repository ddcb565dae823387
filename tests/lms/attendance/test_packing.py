from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import signing

from lms.attendance.models import Pack
from lms.attendance.packing import (
    DeviceRevoked,
    NothingToTake,
    PackInvalid,
    issue_pack,
    pack_of,
    register_device,
    revoke_device,
)
from tests import world
from tests.lms.attendance import occasions as at_the_door
from tests.lms.attendance.occasions import END, ISSUED

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall():
    return at_the_door.occasion()


@pytest.fixture
def manager():
    return world.holder("class_manager")


def issued(manager, *halls, device=None, ahead=timedelta()):
    return issue_pack(
        device=device or at_the_door.device(manager), occasions=halls, device_at=ISSUED + ahead,
        by=manager, at=ISSUED,
    )  # fmt: skip


def test_a_pack_holds_the_rosters_without_photographs_or_numbers(hall, manager):
    [wu] = at_the_door.roster(hall)
    [taken] = issued(manager, hall).occasions
    [row] = taken["roster"]
    assert set(row) == {"id", "name", "initials", "unit", "post", "key"}
    assert (row["id"], row["name"], row["unit"]) == (wu.pk, "吴晓芸", "大东坝镇")


def test_a_pack_expires_half_a_day_after_its_last_occasion_and_knows_the_devices_clock(
    hall, manager
):
    pack = issued(manager, hall, ahead=timedelta(hours=-9)).pack
    assert pack.expires_at == END + timedelta(hours=13)
    assert pack.ahead_ms == -9 * 3_600_000


def test_a_pack_is_known_again_by_its_token_and_by_no_other(hall, manager):
    contents = issued(manager, hall)
    assert pack_of(token=contents.token, by=manager) == contents.pack
    forged = signing.dumps(contents.pack.key.hex, key="another", salt="lms.attendance.pack")
    for token in (contents.token[:-1], "x" + contents.token, forged, ""):
        with pytest.raises(PackInvalid) as refused:
            pack_of(token=token, by=manager)
        assert (refused.value.code, refused.value.status) == ("pack_invalid", 403)


def test_another_managers_pack_is_refused(hall, manager):
    contents = issued(manager, hall)
    with pytest.raises(PackInvalid):
        pack_of(token=contents.token, by=world.holder("class_manager"))


def test_a_revoked_device_gets_no_pack(hall, manager):
    device = at_the_door.device(manager)
    revoke_device(device=device, reason="丢失", by=manager, at=ISSUED)
    with pytest.raises(DeviceRevoked) as refused:
        issued(manager, hall, device=device)
    assert "停用" in refused.value.sentence
    assert not Pack.objects.exists()


def test_a_device_is_registered_once_and_belongs_to_one_person(manager):
    key = uuid4()
    first = register_device(holder=manager, label="平板", key=key, at=ISSUED)
    assert register_device(holder=manager, label="平板", key=key, at=ISSUED) == first
    with pytest.raises(PackInvalid):
        register_device(holder=world.holder("class_manager"), label="平板", key=key, at=ISSUED)


def test_nothing_chosen_is_said(manager):
    with pytest.raises(NothingToTake):
        issued(manager)
