"""kill -9 of worker and ffmpeg in the middle of a transcode: the video is finished, once."""

import time
from pathlib import Path

import psutil
import pytest
from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage

from config.runtime import processes
from lms.common.clock import database_now
from lms.journal.models import JournalEntry
from media import places, services, tasks
from media.models import Rendition, TranscodeJob, Video
from tests import world
from tests.media import clips

pytestmark = pytest.mark.timeout(280)


@pytest.fixture
def video(transactional_db, tmp_path: Path) -> Video:
    """Long enough to be caught in the middle."""
    film = clips.film(tmp_path / "film.mp4", seconds=40, size="1280x720")
    with film.open("rb") as file:
        return services.receive_upload(
            file=File(file), name="film.mp4", title="第一讲", owner_unit=world.town(),
            by=None, at=database_now(),
        )  # fmt: skip


def ffmpeg_under(worker) -> list[psutil.Process]:
    family = psutil.Process(worker.process.pid).children(recursive=True)
    return [process for process in family if process.name() == "ffmpeg"]


def is_in_the_middle(video: Video) -> bool:
    video.refresh_from_db()
    assert video.state != Video.State.FAILED, video.failure_code
    return 0 < video.progress < 90


def wait(condition, *, seconds: float = 120) -> None:
    assert processes.wait_until(condition, seconds=seconds)


def test_killing_worker_and_ffmpeg_ends_in_one_finished_video(worker, video):
    tasks.transcode.delay(video.pk)
    wait(lambda: is_in_the_middle(video))
    victims = [psutil.Process(worker.process.pid), *psutil.Process(worker.process.pid).children()]
    (ffmpeg,) = ffmpeg_under(worker)

    for process in [*victims, ffmpeg]:
        process.kill()
    worker.process.wait()
    psutil.wait_procs([*victims, ffmpeg], timeout=10)

    video.refresh_from_db()
    assert video.build is None
    assert video.job.state == TranscodeJob.State.RUNNING
    # What follows is what the schedule does once the dead worker's lease is over.
    TranscodeJob.objects.update(lease_until=database_now())
    worker.start()
    time.sleep(0.1)
    tasks.resume_stale_jobs()
    wait(lambda: Video.objects.get(pk=video.pk).state == Video.State.READY, seconds=200)

    assert_finished_once(video)
    assert TranscodeJob.objects.get(video=video).attempts == 2


def test_ffmpeg_alone_killed_fails_with_a_sentence_and_can_be_tried_again(worker, video):
    tasks.transcode.delay(video.pk)
    wait(lambda: is_in_the_middle(video))

    ffmpeg_under(worker)[0].kill()
    wait(lambda: Video.objects.get(pk=video.pk).state == Video.State.FAILED)
    video.refresh_from_db()
    assert video.failure_sentence

    services.retry_transcoding(video=video, by=None, at=database_now())
    tasks.transcode.delay(video.pk)
    wait(lambda: Video.objects.get(pk=video.pk).state == Video.State.READY, seconds=200)
    assert_finished_once(video)


def assert_finished_once(video: Video) -> None:
    video.refresh_from_db()
    wait(lambda: default_storage.listdir(places.video_folder(video.key))[0] == [str(video.build)])
    assert set(Rendition.objects.filter(video=video).values_list("build", flat=True)) == {
        video.build
    }
    assert JournalEntry.objects.filter(action="video.ready", object_id=str(video.pk)).count() == 1
    assert not list((settings.RUN_DIR / "transcode").glob(f"{video.key}-*"))
