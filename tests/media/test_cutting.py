"""What of a recording is the lecture: written once, refused where it cannot be."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from lms.common.clock import database_now
from lms.journal.models import JournalEntry
from media.chapters import ChaptersRefused
from media.cutting import CutChanged, CutRefused, cut, cut_before, digest_of, impact_of
from media.live import services as live
from media.models import Livestream, Video, ViewingSession
from tests import world

HOUR = timedelta(hours=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def video() -> Video:
    return Video.objects.get(pk=world.video(minutes=10).pk)


def make_cut(video: Video, span=None, chapters=(), seen: str | None = None) -> None:
    cut(
        video=video, span=span, chapters=list(chapters), by=None, at=database_now(),
        seen=digest_of(video) if seen is None else seen,
    )  # fmt: skip
    video.refresh_from_db()


def test_a_span_and_chapters_are_kept_without_touching_the_recording(video):
    before = (video.build, video.duration_seconds, video.state)

    make_cut(video, (60, 540), [(60, "开场"), (300, "怎么准入")])

    assert video.span == (60, 540)
    assert video.length_seconds == 480
    assert video.chapters == [[60, "开场"], [300, "怎么准入"]]
    assert (video.build, video.duration_seconds, video.state) == before


def test_the_journal_keeps_what_stood_before_for_undoing(video):
    assert cut_before(video) is None
    make_cut(video, (60, 540), [(60, "开场")])
    make_cut(video, None, [(0, "开头")])

    assert cut_before(video) == {"span": [60, 540], "chapters": [[60, "开场"]]}
    assert JournalEntry.objects.filter(action="video.cut").count() == 2


def test_the_same_again_changes_nothing_whoever_opened_it_when(video):
    make_cut(video, (60, 540), [(60, "开场")])
    make_cut(video, (60, 540), [(60, "开场")], seen="long ago")

    assert JournalEntry.objects.filter(action="video.cut").count() == 1


def test_the_whole_recording_is_no_span(video):
    make_cut(video, (0, 600))

    assert video.span is None
    assert not JournalEntry.objects.filter(action="video.cut").exists()


@pytest.mark.parametrize(
    ("span", "code", "sentence"),
    [
        ((300, 300), "span_backward", "结束要晚于开始"),
        ((300, 299), "span_backward", "结束要晚于开始"),
        ((0, 601), "span_outside", "片长 00:10:00"),
        ((601, 602), "span_outside", "开始和结束都要在里面"),
        ((-1, 300), "span_outside", "开始和结束都要在里面"),
        ((100, 109), "span_short", "剪得只剩 9 秒，至少留 10 秒"),
    ],
)
def test_a_span_that_cannot_be_is_refused(video, span, code, sentence):
    with pytest.raises(CutRefused, match=sentence) as refused:
        make_cut(video, span)

    assert (refused.value.code, refused.value.status) == (code, 422)
    assert Video.objects.get().span is None


def test_a_chapter_in_what_is_cut_off_is_refused(video):
    with pytest.raises(ChaptersRefused, match="不在播放的范围里"):
        make_cut(video, (60, 540), [(0, "开场")])


def test_what_somebody_else_saved_meanwhile_is_not_overwritten(video):
    opened = digest_of(video)
    make_cut(video, None, [(0, "对方的")])

    with pytest.raises(CutChanged, match="有人改过片头片尾或章节") as refused:
        make_cut(video, None, [(0, "我的")], seen=opened)

    assert (refused.value.code, refused.value.status) == ("cut_changed", 409)
    assert Video.objects.get().chapters == [[0, "对方的"]]


@pytest.mark.parametrize("span", [None, (60, 540)])
def test_a_lecture_still_spoken_is_not_cut(video, span):
    at = database_now()
    Livestream.objects.create(
        video=video, lecturer="甲", starts_at=at, ends_at=at + HOUR, name="a" * 16
    )

    with pytest.raises(CutRefused, match="还没有录完或转好") as refused:
        make_cut(video, span)

    assert refused.value.code == "video_not_over"


def test_a_video_nobody_knows_the_length_of_is_not_cut():
    with pytest.raises(CutRefused, match="还没有录完或转好"):
        make_cut(world.video(minutes=0), (0, 60))


def test_a_replay_is_cut_before_its_ladder_is_ready(video):
    at = database_now()
    livestream = Livestream.objects.create(
        video=video, lecturer="甲", starts_at=at, ends_at=at + HOUR, began_at=at, name="a" * 16
    )
    Video.objects.filter(pk=video.pk).update(build=None, state=Video.State.LIVE)
    live.close(livestream=livestream, by=None, at=at)

    make_cut(video, (60, 540))

    assert video.span == (60, 540)


def test_the_impact_tells_those_counted_anew_from_those_settled(video):
    world.viewing(world.learner("甲"), video, [])
    world.viewing(world.learner("乙"), video, [(0, 100)])
    done = world.viewing(world.learner("丙"), video, [(0, 600)])
    ViewingSession.objects.filter(pk=done.pk).update(settled_at=database_now())

    impact = impact_of(video)

    assert (impact.begun, impact.settled) == (1, 1)


def test_viewings_in_progress_are_assessed_anew_and_keep_what_was_watched(video):
    viewing = world.viewing(world.learner(), video, [(0, 100)])
    ViewingSession.objects.update(assessed_at=database_now())

    make_cut(video, (60, 540))

    viewing.refresh_from_db()
    assert viewing.assessed_at is None
    assert (viewing.watched, viewing.duration_seconds) == ([(0, 100)], 600)


def test_chapters_alone_assess_nobody_anew(video):
    world.viewing(world.learner(), video, [(0, 100)])
    ViewingSession.objects.update(assessed_at=database_now())

    make_cut(video, None, [(0, "开场")])

    assert not ViewingSession.objects.filter(assessed_at=None).exists()


def test_a_shorter_source_put_in_later_cuts_the_span_with_it(video):
    make_cut(video, (60, 540))

    video.duration_seconds = 300
    assert (video.span, video.length_seconds) == ((60, 300), 240)
    video.duration_seconds = 50
    assert (video.span, video.length_seconds) == (None, 50)


@pytest.mark.parametrize("half", ["span_start_seconds", "span_end_seconds"])
def test_the_database_keeps_no_half_a_span(video, half):
    with pytest.raises(IntegrityError, match="video_span_is_whole_and_forward"):
        Video.objects.filter(pk=video.pk).update(**{half: 5})
