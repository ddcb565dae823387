"""A disk that is really full, in the middle of a transcode: said, nothing half visible, and on it goes."""

import errno
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files import File
from django.core.files.storage import default_storage
from django.urls import reverse

from lms.common.clock import database_now
from lms.journal.models import JournalEntry
from lms.portal.services import install_site
from media import jobs, places, rules, services
from media.models import Rendition, TranscodeJob, Video
from tests import world
from tests.media import clips
from tests.media.disks import fill

pytestmark = pytest.mark.django_db


@pytest.fixture
def video(uploads) -> Video:
    return received(uploads)


def received(uploads: Path) -> Video:
    film = clips.film(uploads.parent / "film.mp4", seconds=6, size="1280x720")
    with film.open("rb") as file:
        return services.receive_upload(
            file=File(file), name="film.mp4", title="第一讲", owner_unit=world.town(),
            by=None, at=database_now(),
        )  # fmt: skip


def assert_waits_for_room(video: Video) -> None:
    video.refresh_from_db()
    assert (video.state, video.failure_code) == (Video.State.QUEUED, "no_space")
    assert video.failure_sentence == rules.SENTENCES["no_space"]
    assert video.build is None
    assert not Rendition.objects.exists()
    assert default_storage.listdir(places.video_folder(video.key))[0] == []
    job = TranscodeJob.objects.get()
    assert (job.state, job.attempts) == (TranscodeJob.State.WAITING, 0)
    assert job.not_before > database_now()


def assert_goes_on(video: Video) -> None:
    """As the schedule does it, once the time is there."""
    later = database_now() + jobs.LOOK_FOR_ROOM + timedelta(seconds=1)
    assert jobs.release_stale_jobs(at=later) == [video.pk]
    TranscodeJob.objects.update(not_before=None)
    assert jobs.transcode_next(worker="w2")
    video.refresh_from_db()
    assert (video.state, video.failure_code) == (Video.State.READY, "")
    assert TranscodeJob.objects.get().attempts == 1


@pytest.mark.timeout(200)
def test_a_full_work_disk_leaves_the_job_waiting_until_there_is_room(video, small_disk, settings):
    settings.RUN_DIR = small_disk
    ballast = fill(small_disk, leave=100_000)

    assert not jobs.transcode_next(worker="w1")

    assert_waits_for_room(video)
    assert not list((small_disk / "transcode").iterdir())
    ballast.unlink()
    assert_goes_on(video)


@pytest.mark.timeout(200)
def test_a_full_store_leaves_the_job_waiting_until_there_is_room(uploads, small_disk, settings):
    settings.MEDIA_ROOT = small_disk
    video = received(uploads)
    ballast = fill(small_disk, leave=50_000)

    assert not jobs.transcode_next(worker="w1")

    assert_waits_for_room(video)
    ballast.unlink()
    assert_goes_on(video)


def test_however_long_there_is_no_room_no_attempt_is_used_up(video, monkeypatch):
    def full(**given):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(jobs, "store_build", full)
    monkeypatch.setattr(jobs, "make_renditions", lambda **given: None)

    for _attempt in range(5):
        TranscodeJob.objects.update(not_before=None)
        assert not jobs.transcode_next(worker="w1")

    assert_waits_for_room(video)
    assert JournalEntry.objects.filter(action="video.waits_for_room").count() == 1


def test_the_page_says_that_it_waits_and_what_to_do(client, video):
    install_site(hostname="localhost", port=80, site_name="强基", headline="学时有据", intro="")
    client.force_login(world.holder("course_author"))
    job = jobs.claim_next(worker="w1", at=database_now())
    jobs.wait_for_room(job=job, at=database_now())

    page = client.get(reverse("videos:detail", args=[video.pk])).content.decode()

    assert "排队中（等空间）" in page
    assert rules.SENTENCES["no_space"] in page
    assert "重试转码" not in page


def test_an_upload_by_the_form_is_refused_and_leaves_no_half_file(
    client, uploads, small_disk, settings
):
    install_site(hostname="localhost", port=80, site_name="强基", headline="学时有据", intro="")
    client.force_login(world.holder("course_author"))
    film = clips.film(uploads.parent / "film.mp4", seconds=6, size="1280x720")
    settings.MEDIA_ROOT = small_disk
    ballast = fill(small_disk, leave=film.stat().st_size // 2)
    fields = {"title": "第一讲", "owner_unit": world.town().pk}

    with film.open("rb") as file:
        page = client.post(reverse("videos:upload"), fields | {"file": file})

    assert services.NoRoom.sentence in page.content.decode()
    assert not Video.objects.exists()
    assert [path for path in small_disk.rglob("*") if path.is_file()] == [ballast]
    entry = JournalEntry.objects.get(action="video.upload")
    assert (entry.outcome, entry.code) == ("refused", "no_space")
    ballast.unlink()
    with film.open("rb") as file:
        client.post(reverse("videos:upload"), fields | {"file": file})
    assert Video.objects.get().title == "第一讲"


def test_a_worker_of_before_fails_nothing_after_its_attempt_was_given_back(video, settings):
    """Giving an attempt back lets its number come again; the worker's name does not."""
    late = database_now() + timedelta(seconds=settings.QIANGJI["TRANSCODE_LEASE_SECONDS"] + 1)
    first = jobs.claim_job(video_id=video.pk, worker="w1", at=database_now())
    second = jobs.claim_job(video_id=video.pk, worker="w2", at=late)
    jobs.wait_for_room(job=second, at=database_now())

    jobs.fail_job(job=first, code="transcode_failed", at=database_now())
    jobs.wait_for_room(job=first, at=database_now())

    assert (first.attempts, TranscodeJob.objects.get().attempts) == (1, 1)
    assert TranscodeJob.objects.get().state == TranscodeJob.State.WAITING
