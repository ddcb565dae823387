import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from courses.classroom.models import SignUp
from courses.classroom.planning import cancel_trip
from courses.classroom.seats import PoolPlan, sign_up
from lms.portal.calendars import events_of
from tests import classrooms, world
from tests.classrooms import MORNING, first_stop, minutes, stop_plan

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_week_before(monkeypatch):
    monkeypatch.setattr("courses.classroom.views.trip.database_now", lambda: classrooms.BEFORE)
    monkeypatch.setattr(timezone, "now", lambda: classrooms.BEFORE)


@pytest.fixture
def wu():
    return world.learner()


@pytest.fixture
def client(wu):
    client = Client()
    client.force_login(wu)
    return client


def post(client, trip, act, **fields):
    return client.post(f"/classroom/{trip.key}/{act}/", fields, follow=True)


def words(answer):
    return answer.content.decode()


def test_the_page_tells_way_seats_and_who_teaches(client):
    fengping = world.town("枫坪乡", "331124205")
    trip = classrooms.announced(
        stop_plan(), stop_plan(MORNING + minutes(180), topic=classrooms.topic("一本村集体经营账")),
        pools=[PoolPlan(None, 30), PoolPlan(fengping, 10, release_at=MORNING - minutes(600))],
        bring="本村 2025 年集体经营收支表", vehicle=classrooms.vehicle(),
    )  # fmt: skip
    html = words(client.get(f"/classroom/{trip.key}/"))

    for expected in (
        "11月26日行程", "08:20", "09:10–10:40", "强村公司章程逐条读", "周丽娟", "丽水市农业农村局", "学术",
        "一本村集体经营账", "0 人报名 / 40 席", "给枫坪乡留着，剩 10 席", "本村 2025 年集体经营收支表",
        "1 号车，核载 33 人", "报选中的站", f"流动课堂 {trip.number}",
    ):  # fmt: skip
        assert expected in html


def test_signing_up_for_two_stops_and_withdrawing_from_one(client, wu):
    trip = classrooms.announced(stop_plan(), stop_plan(MORNING + minutes(180)))
    stops = list(trip.stops.all())
    answer = post(client, trip, "sign-up", stops=[str(stop.key) for stop in stops])
    assert "报上了 2 站" in words(answer)
    assert SignUp.objects.filter(person=wu, state="held").count() == 2

    answer = post(client, trip, "withdraw", stop=str(stops[0].key))
    assert "退掉了" in words(answer)
    assert SignUp.objects.get(stop=stops[0]).state == "withdrawn"
    assert "退掉了" in words(post(client, trip, "withdraw", stop=str(stops[0].key)))


def test_a_full_stop_says_the_place_in_the_queue(client, wu):
    trip = classrooms.announced(pools=[PoolPlan(None, 1)])
    stop = first_stop(trip)
    for _ in range(2):
        sign_up(stops=[stop], person=world.learner(), at=classrooms.BEFORE)
    answer = post(client, trip, "sign-up", stops=str(stop.key))

    assert "你排在候补里" in words(answer)
    assert "候补第 2 位" in words(answer)
    assert "候补 2 人" in words(answer)


def test_seats_kept_for_others_are_not_promised_to_everybody(client, wu):
    fengping = world.town("枫坪乡", "331124205")
    trip = classrooms.announced(pools=[PoolPlan(None, 3), PoolPlan(fengping, 5)])
    far = Client()
    far.force_login(world.learner(unit=fengping))
    for who, left in ((client, 3), (far, 8)):
        assert f"报名中 · 剩 {left} 席" in words(who.get(f"/classroom/{trip.key}/"))
        assert f"剩 {left} 席" in words(who.get("/classroom/?month=2026-11"))


def test_refusals_are_said_on_the_page_with_their_status(client, wu):
    trip = classrooms.announced()
    stop = first_stop(trip)
    none = post(client, trip, "sign-up")
    assert (none.status_code, "请至少选一站" in words(none)) == (400, True)

    post(client, trip, "sign-up", stops=str(stop.key))
    twice = post(client, trip, "sign-up", stops=str(stop.key))
    assert (twice.status_code, "你已经报了这一站" in words(twice)) == (409, True)


def test_after_the_last_day_nobody_signs_up_or_withdraws(client, wu, monkeypatch):
    trip = classrooms.announced()
    stop = first_stop(trip)
    post(client, trip, "sign-up", stops=str(stop.key))
    monkeypatch.setattr(
        "courses.classroom.views.trip.database_now", lambda: trip.sign_up_until + minutes(1)
    )
    late = post(client, trip, "withdraw", stop=str(stop.key))
    assert (late.status_code, "已经过了可退的时间" in words(late)) == (409, True)
    assert "退掉</button>" not in words(client.get(f"/classroom/{trip.key}/"))

    other = Client()
    other.force_login(world.learner())
    late = post(other, trip, "sign-up", stops=str(stop.key))
    assert (late.status_code, "报名已经截止" in words(late)) == (409, True)


def test_a_stop_of_another_trip_is_not_signed_up_for_through_this_one(client, wu):
    trip, other = classrooms.announced(), classrooms.announced()
    answer = post(client, trip, "sign-up", stops=str(first_stop(other).key))
    assert answer.status_code == 400
    assert not SignUp.objects.exists()


def test_drafts_and_other_counties_are_not_found(client):
    elsewhere = world.add_unit(
        code="331122", name="缙云县", level="county", parent=world.county().parent
    )
    for trip in (classrooms.planned(), classrooms.announced(host_unit=elsewhere)):
        for path in ("", "trip.ics"):
            assert client.get(f"/classroom/{trip.key}/{path}").status_code == 404
        assert post(client, trip, "sign-up", stops=str(first_stop(trip).key)).status_code == 404
    assert not SignUp.objects.exists()


def test_a_cancelled_trip_says_why_and_its_calendar_entry_is_cancelled(client, wu):
    trip = classrooms.announced()
    post(client, trip, "sign-up", stops=str(first_stop(trip).key))
    before = Calendar.from_ical(client.get(f"/classroom/{trip.key}/trip.ics").content)
    manager = world.holder("class_manager")
    cancel_trip(trip=trip, reason="台风蓝色预警", by=manager, at=classrooms.BEFORE)

    assert "台风蓝色预警" in words(client.get(f"/classroom/{trip.key}/"))
    after = Calendar.from_ical(client.get(f"/classroom/{trip.key}/trip.ics").content)
    [old], [new] = before.walk("VEVENT"), after.walk("VEVENT")
    assert (old["STATUS"], new["STATUS"]) == ("CONFIRMED", "CANCELLED")
    assert new["SEQUENCE"] > old["SEQUENCE"]
    assert new["UID"] == old["UID"]


def test_seats_one_holds_are_in_the_calendar_one_subscribes_to(client, wu):
    trip = classrooms.announced(stop_plan(), stop_plan(MORNING + minutes(180)))
    first, second = trip.stops.order_by("starts_at")
    post(client, trip, "sign-up", stops=str(second.key))
    [event] = events_of(person=wu, at=classrooms.BEFORE)
    assert event.uid == f"stop-{second.key}@qiangji"
    assert event.place.startswith("大东坝镇石仓古民居")
    assert first.key != second.key
