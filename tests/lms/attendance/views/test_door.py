from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from lms.attendance.models import Scan
from lms.attendance.presenting import WORDS
from lms.attendance.rules import Doubt
from lms.people.services import add_unit
from tests import world
from tests.lms.attendance import occasions as at_the_door
from tests.lms.attendance.occasions import BACK, ISSUED, START

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def now(monkeypatch):
    def set_to(at):
        monkeypatch.setattr("lms.attendance.views.door.database_now", lambda: at)

    set_to(ISSUED)
    return set_to


@pytest.fixture
def client(now):
    client = Client()
    client.force_login(world.holder("class_manager"))
    return client


def take(client, *occasions, device=None):
    body = {
        "device_key": str(device or uuid4()), "label": "办公室平板", "device_at": ISSUED.isoformat(),
        "occasions": [str(occasion.key) for occasion in occasions],
    }  # fmt: skip
    return client.post("/door/packs/", body, content_type=JSON)


def bring(client, token, *scans, sent_at=BACK):
    body = {"token": token, "sent_at": sent_at.isoformat(), "scans": scans}
    return client.post("/door/scans/", body, content_type=JSON)


def tapped(occasion, **facts):
    return {
        "client_key": str(uuid4()), "occasion": str(occasion.key), "direction": "in",
        "method": "name", "device_at": START.isoformat(), **facts,
    }  # fmt: skip


def test_a_pack_is_taken_along_and_scans_are_brought_back_once(client, now):
    hall = at_the_door.occasion()
    [wu] = at_the_door.roster(hall)
    [offered] = client.get("/door/occasions.json").json()["occasions"]
    assert (offered["key"], offered["expected"]) == (str(hall.key), 1)

    pack = take(client, hall).json()
    [taken] = pack["occasions"]
    assert [member["name"] for member in taken["roster"]] == ["吴晓芸"]

    now(BACK)
    scan = tapped(hall, person_id=wu.pk)
    first = bring(client, pack["token"], scan).json()
    again = bring(client, pack["token"], scan).json()
    assert first == again
    assert [receipt["outcome"] for receipt in first["receipts"]] == ["kept"]
    assert Scan.objects.get().person == wu


def test_somebody_who_walks_in_is_named_by_staff_number(client, now):
    hall = at_the_door.occasion()
    pack = take(client, hall).json()
    walker = world.learner("雷小燕")
    now(BACK)
    answer = bring(
        client, pack["token"], tapped(hall, staff_number=walker.staff_number, note="顺路来听"),
        tapped(hall, staff_number="没有这个号", note="顺路来听"),
        tapped(hall, staff_number=walker.staff_number),
    ).json()  # fmt: skip
    outcomes = [(each["outcome"], each["words"]) for each in answer["receipts"]]
    assert outcomes == [("kept", ""), ("unknown", ""), ("doubted", "不在名单上，也没写原因")]


def test_another_units_occasions_are_not_there(client):
    elsewhere = add_unit(code="331122", name="缙云县", level="county", parent=world.county().parent)
    theirs = at_the_door.occasion("elsewhere", owner_unit=elsewhere)
    at_the_door.roster(theirs)
    assert client.get("/door/occasions.json").json()["occasions"] == []
    refused = take(client, theirs)
    assert (refused.status_code, refused.json()["code"]) == (400, "nothing_to_take")


def test_an_edited_pack_and_another_managers_are_refused(client, now):
    hall = at_the_door.occasion()
    [wu] = at_the_door.roster(hall)
    token = take(client, hall).json()["token"]
    other = Client()
    other.force_login(world.holder("class_manager"))
    for who, what in ((client, token[:-1] + "x"), (other, token)):
        refused = bring(who, what, tapped(hall, person_id=wu.pk))
        assert (refused.status_code, refused.json()["code"]) == (403, "pack_invalid")
    assert not Scan.objects.exists()


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[" * 100_000, b'{"token": "x", "sent_at": "2026", "scans": []}', b"\xff"]
)
def test_what_is_no_list_of_scans_is_refused_with_words(client, body):
    refused = client.post("/door/scans/", body, content_type=JSON)
    assert (refused.status_code, refused.json()["code"]) == (400, "malformed")
    assert "格式不对" in refused.json()["message"]


def test_what_is_over_or_far_away_is_not_offered(client, now):
    at_the_door.occasion()
    for at in (START - timedelta(days=8), START + timedelta(days=2)):
        now(at)
        assert client.get("/door/occasions.json").json()["occasions"] == []


def test_every_doubt_has_words():
    assert set(WORDS) == set(Doubt)
