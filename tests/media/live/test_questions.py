"""Questions to the lecturer: asked once, shown by moderators, answered, kept."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from lms.common.clock import database_now
from lms.journal.models import JournalEntry
from media.live import questions, services
from media.models import LiveQuestion, Livestream
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def livestream() -> Livestream:
    at = database_now()
    return services.announce(
        title="冬季防火", lecturer="徐建平", owner_unit=world.county(), starts_at=at,
        ends_at=at + timedelta(hours=1), by=None, at=at,
    )  # fmt: skip


@pytest.fixture
def asker():
    return world.learner()


def ask(livestream, person, text="水枪冻住了怎么办？", *, key=None, seconds=0) -> LiveQuestion:
    return questions.ask(
        livestream=livestream, text=text, client_key=key or uuid4(), by=person,
        at=database_now() + timedelta(seconds=seconds),
    )  # fmt: skip


def texts(livestream, person) -> list[str]:
    return [q.text for q in questions.questions_for(livestream=livestream, person=person)]


def test_only_its_asker_sees_a_question_until_it_is_shown(livestream, asker):
    other, moderator = world.learner(), world.holder("publisher")
    asked = ask(livestream, asker)

    assert texts(livestream, asker) == ["水枪冻住了怎么办？"]
    assert texts(livestream, other) == []
    before = questions.version_of(livestream)
    questions.decide(question=asked, is_shown=True, by=moderator, at=database_now())
    assert texts(livestream, other) == ["水枪冻住了怎么办？"]
    assert questions.version_of(livestream) != before


def test_an_answer_shows_the_question_and_stays_after_the_end(livestream, asker):
    moderator = world.holder("publisher")
    asked = ask(livestream, asker)

    questions.answer(question=asked, text="先放水再入库。", by=moderator, at=database_now())
    services.close(livestream=livestream, by=None, at=database_now())

    (kept,) = questions.questions_for(livestream=livestream, person=world.learner())
    assert (kept.answer, kept.answered_by) == ("先放水再入库。", moderator)
    assert JournalEntry.objects.filter(action="live.question_answered").count() == 1


def test_what_is_kept_back_loses_its_answer_and_the_journal_has_it(livestream, asker):
    moderator = world.holder("publisher")
    asked = ask(livestream, asker)
    questions.answer(question=asked, text="先放水再入库。", by=moderator, at=database_now())

    for _ in range(2):
        questions.decide(question=asked, is_shown=False, by=moderator, at=database_now())

    asked.refresh_from_db()
    assert (asked.state, asked.answer) == ("aside", "")
    entry = JournalEntry.objects.get(action="live.question_set_aside")
    assert entry.detail["answer"] == "先放水再入库。"


def test_the_same_request_twice_asks_once_and_another_text_under_its_key_is_refused(
    livestream, asker
):
    key = uuid4()
    first = ask(livestream, asker, key=key)

    assert ask(livestream, asker, key=key) == first
    with pytest.raises(questions.QuestionKeyUsed) as refused:
        ask(livestream, asker, "别的", key=key)

    assert refused.value.code == "question_key_used"
    assert LiveQuestion.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (" \n ", "question_empty"), ("问" * 501, "question_long"),
        ("把\u202e倒过来", "question_unreadable"), ("响\x07铃", "question_unreadable"),
    ],
)  # fmt: skip
def test_unreadable_questions_are_refused(livestream, asker, text, code):
    with pytest.raises(questions.Refusal) as refused:
        ask(livestream, asker, text)

    assert refused.value.code == code
    assert not LiveQuestion.objects.exists()


def test_after_the_end_nothing_is_asked(livestream, asker):
    services.close(livestream=livestream, by=None, at=database_now())

    with pytest.raises(questions.QuestionsClosed) as refused:
        ask(livestream, asker)

    assert refused.value.sentence == "直播已经结束，不再收提问。答过的都在下面。"


def test_questions_come_one_in_twenty_seconds_and_twenty_in_a_lecture(livestream, asker):
    ask(livestream, asker)
    with pytest.raises(questions.AskedTooFast) as fast:
        ask(livestream, asker, seconds=19)
    for number in range(1, 20):
        ask(livestream, asker, seconds=21 * number)

    with pytest.raises(questions.AskedTooOften) as often:
        ask(livestream, asker, seconds=3600)

    assert (fast.value.code, fast.value.status) == ("asked_too_fast", 429)
    assert (often.value.code, often.value.status) == ("asked_too_often", 429)
    assert LiveQuestion.objects.count() == 20


def test_the_database_holds_no_answer_to_what_is_not_shown(livestream, asker):
    asked = ask(livestream, asker)

    with pytest.raises(IntegrityError), transaction.atomic():
        LiveQuestion.objects.filter(pk=asked.pk).update(answer="没有公开的答复")
