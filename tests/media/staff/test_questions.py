"""The moderators' page: what was asked, decided with a button, taken along as a sheet."""

import io
from uuid import uuid4

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from lms.common.clock import database_now
from media.live import questions
from tests import world
from tests.media.staff.test_livestreams import announced, elsewhere

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client):
    person = world.holder("publisher")
    client.force_login(person)
    return person


def asked(livestream, text="=1+1 水枪冻住了怎么办？"):
    return questions.ask(
        livestream=livestream, text=text, client_key=uuid4(), by=world.learner(), at=database_now()
    )


def address(question) -> str:
    return reverse("livestreams:question", args=[question.livestream_id, question.pk])


def test_a_question_is_answered_shown_and_kept_back_again(client, staff):
    question = asked(announced())

    page = client.post(address(question), {"act": "answer", "text": "先放水。"}, follow=True)
    assert "已公开" in page.content.decode()
    question.refresh_from_db()
    assert (question.state, question.answer) == ("shown", "先放水。")

    client.post(address(question), {"act": "aside"})
    question.refresh_from_db()
    assert (question.state, question.answer) == ("aside", "")


def test_an_empty_answer_is_refused_in_words(client, staff):
    question = asked(announced())

    page = client.post(address(question), {"act": "answer", "text": " "}, follow=True)

    assert "还没有写内容，写好再发。" in page.content.decode()
    question.refresh_from_db()
    assert question.state == "asked"


def test_the_sheet_has_every_question_as_text(client, staff):
    livestream = announced()
    asked(livestream)

    answer = client.get(reverse("livestreams:questions_export", args=[livestream.pk]))

    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0)
    (row,) = sheet.to_python()[1:]
    assert row[4] == "=1+1 水枪冻住了怎么办？"
    assert row[5] == "待处理"


@pytest.mark.parametrize("name", ["questions", "questions_export"])
def test_another_countys_questions_do_not_exist(client, staff, name):
    assert client.get(reverse(f"livestreams:{name}", args=[elsewhere().pk])).status_code == 404


def test_a_question_of_another_livestream_is_not_found_under_this_one(client, staff):
    question = asked(elsewhere())
    own = announced()

    answer = client.post(
        reverse("livestreams:question", args=[own.pk, question.pk]), {"act": "show"}
    )

    assert answer.status_code == 404
    question.refresh_from_db()
    assert question.state == "asked"


def test_nothing_asked_yet_is_said(client, staff):
    page = client.get(reverse("livestreams:questions", args=[announced().pk]))

    assert "还没有人提问。" in page.content.decode()
