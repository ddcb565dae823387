"""A new source keeps the video's identity, and what was watched."""

from pathlib import Path

import pytest
from django.core.files import File
from django.core.files.storage import default_storage

from lms.common.clock import database_now
from lms.journal.models import JournalEntry
from media import builds, jobs, places, replacing
from media.models import SourceReplacement, TranscodeJob, Video, ViewingSession
from media.probe import VideoRefused
from tests import world
from tests.media import clips
from tests.media.staff.conftest import make_video

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def longer_film(shelf: Path) -> Path:
    return clips.film(shelf / "longer.mp4", seconds=10)


@pytest.fixture
def video(uploads, short_film) -> Video:
    """Eight seconds, transcoded."""
    made = make_video(short_film, world.town())
    jobs.transcode_video(video_id=made.pk, worker="w1")
    made.refresh_from_db()
    return made


def propose(video: Video, film: Path) -> SourceReplacement:
    with film.open("rb") as file:
        return replacing.propose(
            video=video, file=File(file), name=film.name, by=None, at=database_now()
        )


def put_in(video: Video, film: Path) -> Video:
    propose(video, film)
    replacing.confirm(video=video, by=None, at=database_now())
    jobs.transcode_video(video_id=video.pk, worker="w1")
    return Video.objects.get(pk=video.pk)


def test_the_impact_names_people_uses_and_the_change_of_length(video):
    package = world.package()
    package.units.filter(kind="video").update(video=video)
    settled = world.viewing(world.learner(), video, [(0, 7)])
    ViewingSession.objects.filter(pk=settled.pk).update(settled_at=database_now())
    world.viewing(world.learner("张三"), video, [(0, 2), (4, 6)])

    impact = replacing.impact_of(video, new_seconds=10)

    assert (impact.persons, impact.settled, impact.furthest_second) == (2, 1, 7)
    assert [use.package for use in impact.uses] == [package.title]
    assert impact.changes_length


def test_a_proposal_changes_nothing_yet(video, longer_film):
    propose(video, longer_film)

    video.refresh_from_db()
    assert (video.state, video.duration_seconds, video.source_name) == ("ready", 8, "讲课.mp4")
    assert not jobs.transcode_video(video_id=video.pk, worker="w1")


def test_the_new_build_takes_over_only_when_it_is_whole(video, longer_film):
    old_build, old_source = video.build, video.source.name
    propose(video, longer_film)
    replacing.confirm(video=video, by=None, at=database_now())
    waiting = Video.objects.get(pk=video.pk)
    assert (waiting.build, waiting.is_ready) == (old_build, True)

    jobs.transcode_video(video_id=video.pk, worker="w1")

    new = Video.objects.get(pk=video.pk)
    assert (new.key, new.duration_seconds, new.source_name) == (video.key, 10, "longer.mp4")
    assert new.build != old_build
    assert default_storage.exists(new.source.name)
    assert new.source.name != old_source
    assert not SourceReplacement.objects.exists()
    entry = JournalEntry.objects.get(action="video.replaced")
    assert entry.detail["seconds"] == [8, 10]


def test_the_old_source_goes_with_the_commit(
    video, longer_film, django_capture_on_commit_callbacks
):
    old_source = video.source.name

    with django_capture_on_commit_callbacks(execute=True):
        put_in(video, longer_film)

    assert not default_storage.exists(old_source)


def test_pages_open_now_play_the_old_build_until_their_addresses_expire(
    video, longer_film, settings
):
    old = places.build_file(video.key, video.build, "master.m3u8")
    put_in(video, longer_film)

    builds.discard_past_builds(at=database_now())
    assert default_storage.exists(old)

    settings.QIANGJI = {**settings.QIANGJI, "DELIVERY_TOKEN_SECONDS": -1000}
    builds.discard_past_builds(at=database_now())
    assert not default_storage.exists(old)


def test_what_was_watched_stays_and_open_viewings_go_by_the_new_length(video, longer_film):
    done = world.viewing(world.learner(), video, [(0, 8)])
    ViewingSession.objects.filter(pk=done.pk).update(settled_at=database_now())
    begun = world.viewing(world.learner("张三"), video, [(0, 3), (5, 6)])

    put_in(video, longer_film)

    done.refresh_from_db()
    begun.refresh_from_db()
    assert (done.watched, done.duration_seconds) == ([(0, 8)], 8)
    assert (begun.watched, begun.duration_seconds) == ([(0, 3), (5, 6)], 10)


def test_a_source_shorter_than_what_somebody_watched_is_refused(video, longer_film, short_film):
    long_one = put_in(video, longer_film)
    world.viewing(world.learner(), long_one, [(0, 9)])

    with pytest.raises(
        replacing.ReplacementRefused, match="新文件长 00:08，已经有人看到 00:09"
    ) as caught:
        propose(long_one, short_film)

    assert (caught.value.code, caught.value.status) == ("replacement_too_short", 409)
    entry = JournalEntry.objects.get(action="video.replacement_proposed", outcome="refused")
    assert entry.code == "replacement_too_short"


def test_a_shorter_source_is_taken_while_nobody_watched_beyond_it(video, longer_film, short_film):
    long_one = put_in(video, longer_film)
    world.viewing(world.learner(), long_one, [(0, 8)])

    assert put_in(long_one, short_film).duration_seconds == 8


def test_somebody_who_watched_on_meanwhile_keeps_the_old_source(video, longer_film, short_film):
    long_one = put_in(video, longer_film)
    viewing = world.viewing(world.learner(), long_one, [(0, 2)])
    propose(long_one, short_film)
    replacing.confirm(video=long_one, by=None, at=database_now())
    ViewingSession.objects.filter(pk=viewing.pk).update(watched=[(0, 9)])

    assert not jobs.transcode_video(video_id=long_one.pk, worker="w1")

    now = Video.objects.get(pk=long_one.pk)
    assert (now.state, now.build, now.duration_seconds) == ("ready", long_one.build, 10)
    proposal = SourceReplacement.objects.get()
    assert (proposal.failure_code, proposal.confirmed_at) == ("replacement_too_short", None)


def test_a_source_that_is_no_video_is_refused_and_not_kept(video, tmp_path):
    (tmp_path / "讲稿.mp4").write_text("讲稿" * 100)

    with pytest.raises(VideoRefused, match="其实不是视频"):
        propose(video, tmp_path / "讲稿.mp4")

    assert not SourceReplacement.objects.exists()


def test_a_failed_transcode_leaves_the_old_build_and_can_be_tried_again(
    video, longer_film, monkeypatch
):
    propose(video, longer_film)
    replacing.confirm(video=video, by=None, at=database_now())
    job = TranscodeJob.objects.get(video=video)
    jobs.fail_job(job=job, code="transcode_failed", at=database_now())
    now = Video.objects.get(pk=video.pk)
    assert (now.state, now.build, now.failure_code) == ("ready", video.build, "")
    assert "转码时出错" in SourceReplacement.objects.get().failure_sentence

    replacing.confirm(video=video, by=None, at=database_now())
    jobs.transcode_video(video_id=video.pk, worker="w1")

    assert Video.objects.get(pk=video.pk).duration_seconds == 10


def test_while_transcoding_nothing_is_replaced_or_withdrawn(video, longer_film):
    propose(video, longer_film)
    replacing.confirm(video=video, by=None, at=database_now())

    for act in (
        lambda: propose(video, longer_film),
        lambda: replacing.confirm(video=video, by=None, at=database_now()),
        lambda: replacing.withdraw(video=video, by=None, at=database_now()),
    ):
        with pytest.raises(replacing.ReplacementRefused, match="正在转码") as caught:
            act()
        assert caught.value.code == "video_busy"


def test_a_withdrawn_proposal_goes_with_its_file(
    video, longer_film, django_capture_on_commit_callbacks
):
    name = propose(video, longer_film).source.name

    with django_capture_on_commit_callbacks(execute=True):
        replacing.withdraw(video=video, by=None, at=database_now())

    assert not default_storage.exists(name)
    with pytest.raises(replacing.ReplacementRefused, match="没有等着换上的文件") as caught:
        replacing.confirm(video=video, by=None, at=database_now())
    assert caught.value.code == "replacement_missing"


def test_a_second_proposal_takes_the_place_of_the_first(
    video, longer_film, short_film, django_capture_on_commit_callbacks
):
    first = propose(video, longer_film).source.name

    with django_capture_on_commit_callbacks(execute=True):
        propose(video, short_film)

    assert SourceReplacement.objects.get().source_name == "short.mp4"
    assert not default_storage.exists(first)
