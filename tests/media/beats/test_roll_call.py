"""Roll call in a live lecture: what counts, what waits, and what comes back with the replay."""

from datetime import timedelta

import pytest
from django.db import connection

from lms.common.clock import database_now
from media.live import roll_call, services
from media.live.roll_call import NoRollCall, NotAsked
from media.models import Livestream
from tests.media.beats.conftest import Watching, claim, let_time_pass


@pytest.fixture
def spoken(lecture: Watching) -> Watching:
    """The lecture began a minute ago and asks about every ten minutes."""
    at = database_now()
    Livestream.objects.create(
        video=lecture.viewing.video, name="a" * 16, starts_at=at, ends_at=at + timedelta(hours=1),
        state="live", began_at=at, roll_call_minutes=10,
    )  # fmt: skip
    let_time_pass(60)
    asked_at(lecture, "now() + interval '5 minutes'")
    return lecture


def asked_at(lecture: Watching, moment: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE media_viewingsession SET live_since = now() - interval '60 seconds',"
            f" grace_seconds = 90, present_until = {moment} + interval '90 seconds' WHERE id = %s",
            [lecture.viewing.pk],
        )


def answer(lecture: Watching, *, more_time: bool = False) -> bool:
    return roll_call.answer(viewing=lecture.viewing, wants_more_time=more_time, at=database_now())


def over(*, after: int = 0) -> None:
    """The lecture ends at its sixtieth second; so long after, somebody opens the replay."""
    services.set_length(livestream=Livestream.objects.get(), seconds=60)
    let_time_pass(after)


def row(lecture: Watching):
    lecture.viewing.refresh_from_db()
    return lecture.viewing


def test_live_seconds_are_told_from_later_ones(spoken, judge):
    judge(claim(spoken, (0, 20)))
    over(after=60)
    judge(claim(spoken, (10, 40)))

    viewing = row(spoken)
    assert (viewing.watched, viewing.watched_live) == ([(0, 40)], [(0, 20)])


def test_an_answer_in_time_vouches_for_what_was_watched(spoken, judge):
    judge(claim(spoken, (0, 20)))
    asked_at(spoken, "now()")

    assert roll_call.question_to(viewing=row(spoken), at=database_now()).seconds_left in {89, 90}
    assert answer(spoken) is True

    viewing = row(spoken)
    assert (viewing.counted, viewing.awaiting, viewing.unattended) == ([(0, 20)], [], [])
    assert viewing.present_until > database_now() + timedelta(minutes=5)


def test_who_does_not_answer_gets_the_seconds_back_by_watching_them_again(spoken, judge):
    judge(claim(spoken, (0, 20)))
    asked_at(spoken, "now() - interval '10 minutes'")
    over(after=60)

    assert row(spoken).counted == []
    assert judge(claim(spoken, (20, 30))).missing == "{[0,20),[30,60)}"
    let_time_pass(60)

    verdict = judge(claim(spoken, (5, 15)))

    assert verdict.missing == "{[0,5),[15,20),[30,60)}"
    viewing = row(spoken)
    assert viewing.unattended == [(0, 5), (15, 20)]
    assert viewing.counted == [(5, 15), (20, 30)]
    assert viewing.watched_live == [(0, 20)]


def test_seconds_given_back_cost_time_like_new_ones(spoken, judge):
    judge(claim(spoken, (0, 40)))
    asked_at(spoken, "now() - interval '10 minutes'")
    over(after=20)

    verdicts = [judge(claim(spoken, (0, 20))).outcome, judge(claim(spoken, (20, 40))).outcome]

    assert verdicts == ["accepted", "clock_exceeded"]
    assert row(spoken).counted == [(0, 20)]


def test_a_late_answer_counts_from_then_on(spoken, judge):
    judge(claim(spoken, (0, 20)))
    asked_at(spoken, "now() - interval '2 minutes'")

    assert roll_call.question_to(viewing=row(spoken), at=database_now()).seconds_left == 0
    assert answer(spoken) is False
    let_time_pass(60)
    judge(claim(spoken, (20, 30)))
    over()

    viewing = row(spoken)
    assert (viewing.unattended, viewing.counted) == ([(0, 20)], [(20, 30)])


def test_rewinding_over_what_was_vouched_for_does_not_put_it_at_risk(spoken, judge):
    judge(claim(spoken, (0, 20)))
    asked_at(spoken, "now()")
    answer(spoken)
    let_time_pass(60)
    judge(claim(spoken, (10, 30)))
    asked_at(spoken, "now() - interval '10 minutes'")
    over()

    assert row(spoken).counted == [(0, 20)]


def test_nobody_answers_ahead_and_an_answer_does_not_work_twice(spoken):
    with pytest.raises(NotAsked) as early:
        answer(spoken)
    asked_at(spoken, "now()")
    answer(spoken)
    with pytest.raises(NotAsked):
        answer(spoken)

    assert (early.value.code, early.value.status) == ("not_asked", 409)
    assert early.value.sentence == "还没有点到，不用应答。点名会自己出现。"


def test_there_is_nothing_to_answer_once_the_lecture_is_over(spoken):
    asked_at(spoken, "now()")
    over()

    with pytest.raises(NoRollCall) as refusal:
        answer(spoken)
    assert (refusal.value.code, refusal.value.sentence) == (
        "no_roll_call", "这里现在没有点名，不用应答。",
    )  # fmt: skip


def test_answering_without_watching_earns_nothing(spoken):
    asked_at(spoken, "now()")
    answer(spoken)
    over()

    assert row(spoken).watched == []


def test_who_needs_more_time_gets_it_from_then_on(spoken, settings):
    asked_at(spoken, "now()")
    answer(spoken, more_time=True)

    assert row(spoken).grace_seconds == settings.QIANGJI["ROLL_CALL_MORE_SECONDS"] == 600


def test_the_next_question_cannot_be_told_from_the_last(spoken):
    """Ten draws around ten minutes; all the same would be a timetable."""
    drawn = set()
    for _ in range(10):
        asked_at(spoken, "now()")
        answer(spoken)
        drawn.add(round((row(spoken).present_until - database_now()).total_seconds()))

    assert len(drawn) > 3
    assert all(5 * 60 + 80 <= seconds <= 15 * 60 + 95 for seconds in drawn)
