"""A person's calendar: its secret address, and that others' parsers read it."""

from datetime import UTC, timedelta

import icalendar
import pytest
import vobject
from django.test import Client

from lms.common.clock import database_now
from lms.people.services import add_unit
from lms.portal.models import CalendarFeed
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader():
    person = world.learner()
    client = Client()
    client.force_login(person)
    client.person = person
    return client


def made(reader) -> str:
    """The path of a new feed."""
    text = reader.post("/me/calendar/new/").content.decode()
    return text.split('value="http://127.0.0.1:8000')[1].split('"')[0]


def test_two_parsers_agree_on_what_the_feed_says(reader):
    page = world.lecture("冬季山林防火：乡镇一小时响应怎么排", audience=[world.county()])

    answer = Client().get(made(reader))

    ours = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")[0]
    theirs = vobject.readOne(answer.content.decode()).vevent
    assert str(ours["summary"]) == theirs.summary.value == page.title
    starts = page.livestream.starts_at.astimezone(UTC).replace(microsecond=0)
    assert ours["dtstart"].dt == theirs.dtstart.value == starts
    assert str(ours["uid"]) == theirs.uid.value
    assert int(ours["sequence"]) == int(theirs.sequence.value)
    assert str(ours["status"]) == theirs.status.value == "CONFIRMED"


def test_a_feed_holds_no_lecture_others_are_asked_to(reader):
    elsewhere = add_unit(code="331122", name="缙云县", level="county", parent=world.county().parent)
    world.lecture("外县的讲座", audience=[elsewhere])
    world.lecture("大家的讲座")

    text = Client().get(made(reader)).content.decode()

    assert "大家的讲座" in text
    assert "外县的讲座" not in text


def test_an_unchanged_feed_is_not_sent_again(reader):
    world.lecture()
    path = made(reader)
    first = Client().get(path)

    again = Client().get(path, headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert first["Cache-Control"] == again["Cache-Control"] == "private, no-store"


def test_a_lecture_taken_down_is_cancelled_for_both_parsers(reader):
    page, path = world.lecture(), made(reader)
    first = Client().get(path)
    page.unpublish(log_action=True)

    answer = Client().get(path, headers={"If-None-Match": first["ETag"]})

    ours = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")[0]
    theirs = vobject.readOne(answer.content.decode()).vevent
    before = icalendar.Calendar.from_ical(first.content).walk("VEVENT")[0]
    assert str(ours["status"]) == theirs.status.value == "CANCELLED"
    assert str(ours["uid"]) == str(before["uid"])
    assert int(ours["sequence"]) > int(before["sequence"])


def test_another_address_ends_the_one_before_and_revoking_ends_all(reader):
    first = made(reader)
    second = made(reader)
    assert [Client().get(path).status_code for path in (first, second)] == [404, 200]

    reader.post("/me/calendar/revoke/")

    assert Client().get(second).status_code == 404
    assert not CalendarFeed.objects.exists()


def test_the_secret_is_long_told_once_and_not_kept(reader):
    path = made(reader)
    secret = path.removeprefix("/calendar/").removesuffix(".ics")

    assert len(secret) >= 32
    assert secret not in reader.get("/me/calendar/").content.decode()
    assert secret not in str(CalendarFeed.objects.values().get())


def test_a_suspended_account_has_no_calendar(reader):
    path = made(reader)
    reader.person.is_active = False
    reader.person.save()

    assert Client().get(path).status_code == 404


def test_a_feed_costs_the_same_however_many_lectures_there_are(
    reader, django_assert_max_num_queries
):
    path = made(reader)
    for _ in range(6):
        world.lecture(starts_at=database_now() + timedelta(hours=2), ends_at=database_now() + timedelta(hours=3))  # fmt: skip

    with django_assert_max_num_queries(8):
        assert Client().get(path).content.count(b"BEGIN:VEVENT") == 6
