"""Questions on the study page: asked with and without a script, seen by whom they should be."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from lms.common.clock import database_now
from media.live import questions, services
from media.models import LiveQuestion, Livestream, Take
from tests import world

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}


@pytest.fixture
def unit():
    at = database_now()
    livestream = services.announce(
        title="冬季防火", lecturer="徐建平", owner_unit=world.county(), starts_at=at,
        ends_at=at + timedelta(hours=1), by=None, at=at,
    )  # fmt: skip
    services.go_live(take=Take.objects.create(livestream=livestream, number=1, began_at=at))
    world.policy()
    unit = world.package().units.get(kind="video")
    unit.video = livestream.video
    unit.save()
    return unit


def signed_in() -> Client:
    client = Client()
    client.force_login(world.learner())
    return client


def address(unit) -> str:
    return reverse("questions", args=[unit.key])


def ask(client, unit, text="水枪冻住了怎么办？", **more):
    return client.post(address(unit), {"text": text, "client_key": str(uuid4())}, **more)


def study(client, unit) -> str:
    return client.get(reverse("study", args=[unit.key])).content.decode()


def test_one_asks_and_others_see_it_answered_without_a_name(unit):
    asker, other = signed_in(), signed_in()
    study(asker, unit)

    answer = ask(asker, unit, headers=JSON)

    assert (answer.status_code, answer.json()["message"]) == (
        201, "已经交给主持人。公开和答复会出现在这里。",
    )  # fmt: skip
    assert "水枪冻住了怎么办？" in study(asker, unit)
    assert "水枪冻住了怎么办？" not in study(other, unit)
    question = LiveQuestion.objects.get()
    questions.answer(
        question=question, text="先放水。", by=world.holder("publisher"), at=database_now()
    )
    shown = other.get(address(unit)).content.decode()
    assert "先放水。" in shown
    assert question.person.name not in shown


def test_without_a_script_the_page_comes_again_with_a_sentence(unit):
    client = signed_in()

    page = ask(client, unit, "", follow=True).content.decode()

    assert "还没有写内容，写好再发。" in page


def test_after_the_end_the_answers_stay_and_the_form_is_gone(unit):
    client = signed_in()
    ask(client, unit)
    questions.decide(
        question=LiveQuestion.objects.get(), is_shown=True, by=world.holder("publisher"),
        at=database_now(),
    )  # fmt: skip
    services.close(livestream=Livestream.objects.get(), by=None, at=database_now())

    page = study(client, unit)
    refused = ask(client, unit, "还能问吗？", headers=JSON)

    assert "水枪冻住了怎么办？" in page
    assert "data-ask" not in page
    assert (refused.status_code, refused.json()["code"]) == (409, "questions_closed")


def test_too_fast_and_malformed_are_refused_with_codes(unit):
    client = signed_in()
    ask(client, unit)

    fast = ask(client, unit, "再问一个", headers=JSON)
    keyless = client.post(address(unit), {"text": "问", "client_key": "x"}, headers=JSON)

    assert (fast.status_code, fast.json()["code"]) == (429, "asked_too_fast")
    assert (keyless.status_code, keyless.json()["code"]) == (409, "question_key_used")


def test_a_lecture_one_may_not_see_takes_no_question(unit):
    unit.package.specific.unpublish()

    assert ask(signed_in(), unit).status_code == 404
    assert not LiveQuestion.objects.exists()


def test_the_page_that_follows_is_told_how_many_watch_and_what_changed(unit):
    client = signed_in()
    study(client, unit)
    state = client.get(reverse("live-state", args=[unit.key])).json()

    assert state["viewers"] == "1 人在看"
    assert state["questions"] == ""
