"""Leases: one worker at a time, one visible build, a code and a sentence when it does not work."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files import File
from django.core.files.storage import default_storage
from django.db.models.signals import post_save

from lms.common.clock import database_now
from lms.journal.models import JournalEntry
from media import jobs, places, rules, services
from media.models import Rendition, TranscodeJob, Video
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def video(uploads, short_film) -> Video:
    with short_film.open("rb") as file:
        return services.receive_upload(
            file=File(file), name="第一讲.mp4", title="第一讲", owner_unit=world.town(),
            by=None, at=database_now(),
        )  # fmt: skip


def claim(video: Video, worker: str = "w1", later: float = 0) -> TranscodeJob | None:
    at = database_now() + timedelta(seconds=later)
    return jobs.claim_job(video_id=video.pk, worker=worker, at=at)


def builds(video: Video) -> list[str]:
    folders, _files = default_storage.listdir(places.video_folder(video.key))
    return folders


def test_a_video_becomes_ready_with_one_build(video):
    assert jobs.transcode_video(video_id=video.pk, worker="w1")

    video.refresh_from_db()
    assert (video.state, video.progress, video.duration_seconds) == (Video.State.READY, 100, 8)
    assert builds(video) == [str(video.build)]
    assert {r.name for r in Rendition.objects.filter(build=video.build)} == {
        "slow", "360p", "audio", "slides",
    }  # fmt: skip
    assert default_storage.exists(places.build_file(video.key, video.build, "master.m3u8"))
    assert JournalEntry.objects.filter(action="video.ready", object_id=str(video.pk)).count() == 1


def test_those_who_list_what_can_be_watched_are_told(video):
    told = []
    listen = lambda instance, **facts: told.append(instance.build)  # noqa: E731
    post_save.connect(listen, sender=Video)

    jobs.transcode_video(video_id=video.pk, worker="w1")

    post_save.disconnect(listen, sender=Video)
    assert told == [Video.objects.get(pk=video.pk).build]


def test_a_second_delivery_of_the_message_changes_nothing(video):
    jobs.transcode_video(video_id=video.pk, worker="w1")
    build = Video.objects.get(pk=video.pk).build

    assert not jobs.transcode_video(video_id=video.pk, worker="w2")
    assert Video.objects.get(pk=video.pk).build == build


def test_a_running_job_cannot_be_taken_until_its_lease_ends(video, settings):
    lease = settings.QIANGJI["TRANSCODE_LEASE_SECONDS"]
    assert claim(video, "w1")
    assert claim(video, "w2") is None

    taken = claim(video, "w2", later=lease + 1)

    assert taken is not None
    assert (taken.worker, taken.attempts) == ("w2", 2)


def test_signs_of_life_move_the_lease_and_the_progress(video):
    job = claim(video)
    TranscodeJob.objects.update(lease_until=database_now())

    jobs.Lease(job).show_life(42)

    job.refresh_from_db()
    assert job.lease_until > database_now() + timedelta(seconds=30)
    assert Video.objects.get(pk=video.pk).progress == 42


def test_a_worker_that_lost_its_lease_publishes_nothing(video, monkeypatch, settings):
    lease_seconds = settings.QIANGJI["TRANSCODE_LEASE_SECONDS"]
    real = jobs.store_build

    def lose_lease_after_storing(**given):
        real(**given)
        assert claim(video, "w2", later=lease_seconds + 1)

    monkeypatch.setattr(jobs, "store_build", lose_lease_after_storing)

    assert not jobs.transcode_video(video_id=video.pk, worker="w1")
    video.refresh_from_db()
    assert video.build is None
    assert not video.renditions.exists()
    assert builds(video) == []


def test_leftovers_of_a_dead_build_are_deleted(video):
    dead = "6f0d7a52-0000-4000-8000-000000000000"
    folder = Path(default_storage.path(places.video_folder(video.key))) / dead
    folder.mkdir(parents=True)
    (folder / "360p-00000.m4s").write_bytes(b"half")

    jobs.transcode_video(video_id=video.pk, worker="w1")

    assert dead not in builds(video)


def test_a_source_that_turns_out_bad_fails_with_code_and_sentence(video):
    Path(video.source.path).write_text("nothing of a video is left")

    jobs.transcode_video(video_id=video.pk, worker="w1")

    video.refresh_from_db()
    assert (video.state, video.failure_code) == (Video.State.FAILED, "not_a_video")
    assert video.failure_sentence == rules.SENTENCES["not_a_video"]
    assert video.job.state == TranscodeJob.State.FAILED
    assert builds(video) == []


def test_an_unforeseen_error_reaches_the_queue_and_leaves_the_job_to_the_schedule(
    video, monkeypatch
):
    def storage_is_down(**given):
        raise OSError("no route")

    monkeypatch.setattr(jobs, "store_build", storage_is_down)

    with pytest.raises(OSError, match="no route"):
        jobs.transcode_video(video_id=video.pk, worker="w1")

    at = database_now() + timedelta(minutes=5)
    assert jobs.release_stale_jobs(at=at) == [video.pk]
    assert claim(video, "w2") is not None


def test_a_job_nobody_took_is_offered_again_but_not_at_every_sweep(video):
    soon = database_now() + timedelta(seconds=30)

    assert jobs.release_stale_jobs(at=database_now()) == []
    assert jobs.release_stale_jobs(at=soon) == [video.pk]
    assert jobs.release_stale_jobs(at=soon + timedelta(seconds=20)) == []
    assert jobs.release_stale_jobs(at=soon + timedelta(minutes=11)) == [video.pk]


def test_a_job_left_by_a_silent_worker_is_offered_at_once(video, settings):
    assert claim(video)
    at = database_now() + timedelta(seconds=1)
    TranscodeJob.objects.update(lease_until=database_now())

    assert jobs.release_stale_jobs(at=at) == [video.pk]
    assert jobs.release_stale_jobs(at=at) == []


def test_attempts_are_bounded(video, settings):
    later = 0.0
    for _attempt in range(settings.QIANGJI["TRANSCODE_MAX_ATTEMPTS"]):
        later += 1000
        assert claim(video, later=later)

    assert claim(video, later=later + 1000) is None
    assert jobs.release_stale_jobs(at=database_now() + timedelta(seconds=later + 2000)) == []
    video.refresh_from_db()
    assert (video.state, video.failure_code) == (Video.State.FAILED, "worker_lost")


def test_a_failed_video_can_be_tried_again(video):
    good = Path(video.source.path).read_bytes()
    Path(video.source.path).write_text("spoilt")
    jobs.transcode_video(video_id=video.pk, worker="w1")
    Path(video.source.path).write_bytes(good)

    services.retry_transcoding(video=video, by=None, at=database_now())
    assert jobs.transcode_video(video_id=video.pk, worker="w2")

    video.refresh_from_db()
    assert (video.state, video.failure_code) == (Video.State.READY, "")


def test_a_ready_video_needs_no_other_try(video):
    jobs.transcode_video(video_id=video.pk, worker="w1")

    with pytest.raises(services.RetryRefused):
        services.retry_transcoding(video=video, by=None, at=database_now())
