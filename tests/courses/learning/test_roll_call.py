"""The roll call on the page: asked of who watches, answered by them alone."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from courses.learning.services import open_unit, settle_viewing
from lms.common.clock import database_now
from lms.credits.models import LedgerEntry
from lms.portal.why import why_entry
from media.live import services
from media.models import Take, ViewingSession
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    at = database_now()
    livestream = services.announce(
        title="秋季学期第一讲", lecturer="", owner_unit=world.county(), starts_at=at,
        ends_at=at + timedelta(hours=1), roll_call_minutes=10, by=None, at=at,
    )  # fmt: skip
    services.go_live(take=Take.objects.create(livestream=livestream, number=1, began_at=at))
    world.policy()
    unit = world.package().units.get(kind="video")
    unit.video = livestream.video
    unit.save()
    return unit


@pytest.fixture
def reader(unit) -> Client:
    person, client = world.learner(), Client()
    client.force_login(person)
    client.get(reverse("study", args=[unit.key]))
    return client


def put(**columns) -> None:
    ViewingSession.objects.update(**columns)


def state(client, unit) -> dict:
    return client.get(reverse("live-state", args=[unit.key])).json()


def test_a_new_viewing_has_a_deadline_nobody_is_told(reader, unit):
    viewing = ViewingSession.objects.get()

    assert viewing.present_until > database_now() + timedelta(minutes=5)
    assert "roll_call" not in state(reader, unit)
    assert viewing.present_until.isoformat() not in str(
        reader.get(reverse("player-config", args=[unit.key])).json()
    )


def test_the_question_comes_with_the_state_and_goes_with_the_answer(reader, unit):
    put(present_until=database_now() + timedelta(seconds=60))
    assert state(reader, unit)["roll_call"]["seconds_left"] in {59, 60}

    answer = reader.post(reverse("present", args=[unit.key]))

    assert answer.json() == {"is_in_time": True}
    assert "roll_call" not in state(reader, unit)


def test_an_answer_nobody_asked_for_is_refused_with_its_reason(reader, unit):
    answer = reader.post(reverse("present", args=[unit.key]))

    assert answer.status_code == 409
    assert answer.json() == {
        "code": "not_asked", "message": "还没有点到，不用应答。点名会自己出现。",
    }  # fmt: skip


def test_nobody_answers_for_another(reader, unit):
    deadline = database_now() + timedelta(seconds=60)
    put(present_until=deadline)
    other = Client()
    other.force_login(world.learner("别人"))

    assert other.post(reverse("present", args=[unit.key])).status_code == 404
    assert ViewingSession.objects.get().present_until == deadline


def test_the_entry_tells_what_was_watched_live_and_what_in_the_replay(reader, unit):
    services.close(livestream=unit.video.livestream, by=None, at=database_now())
    services.set_length(livestream=unit.video.livestream, seconds=3600)
    put(watched=[(0, 3600)], watched_live=[(0, 2400)], unattended=[(100, 160)])

    settle_viewing(viewing=ViewingSession.objects.get(), at=database_now())

    entry = LedgerEntry.objects.get()
    assert entry.evidence["watched"] == [[0, 100], [160, 3600]]
    assert entry.evidence["watched_live"] == [[0, 100], [160, 2400]]
    why = why_entry(entry)
    assert why["watched_live"] == [(0, 100), (160, 2400)]
    assert why["note"] == (
        "直播时看了 0:00–1:40、2:40–40:00。回放里看了 40:00–1:00:00。"
        "1:40–2:40 直播时点名没有应答，看一遍回放就算。"
    )


def test_a_lecture_that_asks_nobody_has_no_deadlines(unit):
    services.Livestream.objects.update(roll_call_minutes=None)
    person = world.learner()

    viewing = open_unit(person=person, unit=unit, posting=person.postings.get(), at=database_now())

    assert viewing.present_until is None
