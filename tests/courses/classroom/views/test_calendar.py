from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from courses.classroom.models import Trip
from courses.classroom.seats import PoolPlan, sign_up
from tests import classrooms, world
from tests.classrooms import MORNING, first_stop, minutes, stop_plan

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_week_before(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: classrooms.BEFORE)


@pytest.fixture
def wu():
    return world.learner()


@pytest.fixture
def client(wu):
    client = Client()
    client.force_login(wu)
    return client


def page(client, query="month=2026-11"):
    answer = client.get(f"/classroom/?{query}")
    assert answer.status_code == 200
    return answer


def cell(answer, day):
    return next(c for c in answer.context["cells"] if (c["day"].month, c["day"].day) == (11, day))


def test_the_month_shows_whole_weeks_and_each_stop_on_its_local_day(client):
    late = datetime.fromisoformat("2026-11-30T07:00+00:00")
    classrooms.announced(stop_plan())
    classrooms.announced(stop_plan(late))
    answer = page(client)

    cells = answer.context["cells"]
    assert (cells[0]["day"].isoformat(), cells[-1]["day"].isoformat(), len(cells)) == (
        "2026-10-26", "2026-12-06", 42,
    )  # fmt: skip
    assert [s["title"] for s in cell(answer, 26)["stops"]] == ["强村公司章程逐条读"]
    assert cell(answer, 30)["count"] == 1
    assert answer.context["count"] == 2
    assert "11月有 2 场" in answer.content.decode()


def test_a_stop_near_midnight_in_shanghai_is_on_its_own_day(client):
    just_after = datetime.fromisoformat("2026-11-26T16:10+00:00")  # ten past midnight, the 27th
    classrooms.announced(
        stop_plan(just_after), departs_at=just_after, returns_at=just_after + minutes(120),
        sign_up_until=just_after, withdraw_until=just_after,
    )  # fmt: skip
    answer = page(client)
    assert (cell(answer, 26)["count"], cell(answer, 27)["count"]) == (0, 1)


def test_a_full_day_is_cut_short_and_opens_by_itself(client):
    for number in range(5):
        classrooms.announced(stop_plan(MORNING + minutes(number)))
    answer = page(client)
    assert (len(cell(answer, 26)["stops"]), cell(answer, 26)["more"]) == (3, 2)

    day = page(client, "month=2026-11&day=2026-11-26")
    assert len(day.context["next"]) == 5


def test_what_is_near_and_what_is_mine(client, wu):
    far = {"latitude": "28.30", "longitude": "119.20", "unit": world.town("枫坪乡", "331124205")}
    here = {"latitude": "28.35", "longitude": "119.55"}
    classrooms.announced(stop_plan(topic=classrooms.topic("近的"), site=classrooms.site(**here)))
    trip = classrooms.announced(
        stop_plan(topic=classrooms.topic("远的"), site=classrooms.site("枫坪", **far))
    )
    sign_up(stops=[first_stop(trip)], person=wu, at=classrooms.BEFORE)

    def titles(show):
        return [
            stop["title"] for stop in page(client, f"month=2026-11&show={show}").context["next"]
        ]

    assert (titles("near"), titles("mine")) == (["近的"], ["远的"])
    assert sorted(titles("nonsense")) == ["近的", "远的"]
    answer = page(client)
    assert [s["kind"] for s in cell(answer, 26)["stops"]] == ["open", "mine"]
    assert "就在本镇" in answer.content.decode()


def test_drafts_other_counties_and_cancelled_trips_are_not_in_the_month(client):
    classrooms.planned()
    elsewhere = world.add_unit(
        code="331122", name="缙云县", level="county", parent=world.county().parent
    )
    classrooms.announced(host_unit=elsewhere)
    assert page(client).context["count"] == 0


def test_a_month_that_is_none_and_one_far_away_do_no_harm(client):
    for month in ("nonsense", "2026-13", "0001-01", "9999-12"):
        assert client.get(f"/classroom/?month={month}&day=2026-02-30").status_code == 200
    assert "还没有安排" in page(client).content.decode()


def test_the_number_of_statements_does_not_grow_with_the_stops(
    client, wu, django_assert_max_num_queries
):
    def ask():
        with django_assert_max_num_queries(12) as captured:
            page(client)
        return len(captured)

    trip = classrooms.announced(pools=[PoolPlan(None, 1)])
    sign_up(stops=[first_stop(trip)], person=wu, at=classrooms.BEFORE)
    ask()  # the navigation's and the session's first reads
    few = ask()
    for number in range(12):
        classrooms.announced(stop_plan(MORNING + timedelta(days=number % 3, minutes=number)))
    assert ask() == few
    assert Trip.objects.count() == 13


def test_who_is_not_signed_in_is_asked_to():
    assert Client().get("/classroom/").status_code == 302
