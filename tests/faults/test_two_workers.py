"""Two workers that share nothing but database, broker and object store; one of them is killed."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
from django.core.files import File
from django.core.files.storage import default_storage

from config import env
from config.runtime import components, processes
from lms.common.clock import database_now
from lms.journal.models import JournalEntry
from media import places, services, tasks
from media.models import Rendition, TranscodeJob, Video
from tests import pristine, world
from tests.media import clips
from tests.media.object_stores import (  # noqa: F401 - fixtures
    BUCKET,
    KEYS,
    object_store,
    on_object_store,
)
from tests.site import QUEUES, Running

pytestmark = pytest.mark.timeout(400)


@pytest.fixture
def workers(
    transactional_db,
    on_object_store,  # noqa: F811
    object_store,  # noqa: F811
    worker_process: Running,
    tmp_path: Path,
) -> Iterator[list[Running]]:
    """Each in a folder of its own, with one job at a time."""
    # The run's own worker has another store; it would take a video whose source it cannot read.
    worker_process.stop()
    queue = pristine.queue_server()
    queue.delete(*QUEUES, "unacked", "unacked_index")
    started = [machine(tmp_path / name, object_store) for name in ("east", "west")]
    for worker in started:
        worker.start_until(lambda w=worker: b" ready." in w.log.read_bytes())
    yield started
    queue.delete(*QUEUES)
    for worker in started:
        worker.stop()
    queue.delete("unacked", "unacked_index")
    queue.close()


def machine(folder: Path, store: str) -> Running:
    command = components.worker_command()
    command[command.index("--concurrency") + 1] = "1"
    return Running(
        [*command, "--hostname", f"{folder.name}@%h"],
        folder / "worker.log",
        environment={
            "RUN_DIR": str(folder), "VALKEY_URL": env.valkey_url(0),
            "STORAGE_URL": f"s3://{BUCKET}?endpoint={store}&region=us-east-1",
            "STORAGE_ACCESS_KEY": KEYS["accessKey"], "STORAGE_SECRET_KEY": KEYS["secretKey"],
        },
    )  # fmt: skip


def received(folder: Path, title: str) -> Video:
    film = folder / "film.mp4"
    if not film.exists():
        clips.film(film, seconds=20, size="1280x720")
    with film.open("rb") as file:
        return services.receive_upload(
            file=File(file), name="film.mp4", title=title, owner_unit=world.town(),
            by=None, at=database_now(),
        )  # fmt: skip


def family(worker: Running) -> list[psutil.Process]:
    leader = psutil.Process(worker.process.pid)
    return [leader, *leader.children(recursive=True)]


def videos_of(worker: Running) -> list[int]:
    pids = {str(process.pid) for process in family(worker)}
    running = TranscodeJob.objects.filter(state=TranscodeJob.State.RUNNING)
    return [job.video_id for job in running if job.worker.split(":")[1] in pids]


def progress_of(video_ids: list[int]) -> list[int]:
    return list(Video.objects.filter(pk__in=video_ids).values_list("progress", flat=True))


def wait(condition, *, seconds: float = 120) -> None:
    assert processes.wait_until(condition, seconds=seconds)


def test_a_killed_machine_costs_only_its_own_video_and_another_takes_it_over(workers, tmp_path):
    videos = [received(tmp_path, f"第{n}讲") for n in ("一", "二", "三")]
    for video in videos:
        tasks.transcode.delay(video.pk)
    east, west = workers
    wait(lambda: all(videos_of(worker) for worker in workers))
    (lost,), (kept,) = videos_of(east), videos_of(west)
    wait(lambda: progress_of([lost])[0] > 0)
    assert lost != kept

    dying = family(east)
    for process in dying:
        process.kill()
    east.process.wait()
    psutil.wait_procs(dying, timeout=10)

    assert Video.objects.get(pk=lost).build is None
    assert not Rendition.objects.filter(video=lost).exists()
    others = [video.pk for video in videos if video.pk != lost]
    wait(lambda: Video.objects.filter(pk__in=others, state="ready").count() == 2, seconds=200)
    assert set(TranscodeJob.objects.filter(video__in=others).values_list("attempts")) == {(1,)}
    # The lease of the dead one is over; the sweep offers its video and the other machine takes it.
    TranscodeJob.objects.filter(video=lost).update(
        lease_until=database_now() - timedelta(seconds=1)
    )
    tasks.resume_stale_jobs()
    wait(lambda: Video.objects.get(pk=lost).state == Video.State.READY, seconds=200)

    assert TranscodeJob.objects.get(video=lost).attempts == 2
    for video in Video.objects.all():
        assert default_storage.listdir(places.video_folder(video.key))[0] == [str(video.build)]
        ready = JournalEntry.objects.filter(action="video.ready", object_id=str(video.pk))
        assert ready.count() == 1
    assert not list((tmp_path / "west" / "transcode").iterdir())
