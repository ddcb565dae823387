"""A transcode as leased work: claimed by conditional UPDATE, kept alive, published once or given up.

Whoever holds the lease may publish; a worker that lost it finds out at its next sign of life, stops
ffmpeg and throws its files away. So a killed, frozen or doubled worker costs time, never a wrong video.
"""

import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Q

from lms.common.clock import database_now
from lms.journal.services import record
from media import builds, cold, places, probe, replacing, rules, sources, transcode
from media.fullness import is_full
from media.leases import Lease, LeaseLost
from media.models import Rendition, TranscodeJob, Video
from media.queueing import claim_job, claim_next, refresh_urgencies

RUNNING, WAITING = TranscodeJob.State.RUNNING, TranscodeJob.State.WAITING
# A waiting job is offered to the queue again when nobody took it for so long.
OFFER_AGAIN = timedelta(minutes=10)
FIRST_OFFER = timedelta(seconds=15)
LEAST_ROOM = 1024**2  # bytes; a disk with less is full
# Room does not come back within seconds, and looking costs a fetch of the source.
LOOK_FOR_ROOM = timedelta(minutes=5)
PUBLISHED_FIELDS = [
    *("state", "progress", "build", "ready_at", "duration_seconds"),
    *("failure_code", "failure_sentence"),
]

log = structlog.get_logger(__name__)


def transcode_video(*, video_id: int, worker: str) -> bool:
    """Claim, transcode, publish. True when this call finished the video; runs twice without harm."""
    job = claim_job(video_id=video_id, worker=worker, at=database_now())
    return job is not None and do_job(job)


def transcode_next(*, worker: str) -> bool:
    """The same of the video whose turn it is."""
    job = claim_next(worker=worker, at=database_now())
    return job is not None and do_job(job)


def do_job(job: TranscodeJob) -> bool:
    build, lease = uuid.uuid4(), Lease(job)
    try:
        with room_said(), work_folder(job.video) as folder:
            made = make_renditions(video=job.video, folder=folder, lease=lease)
            store_build(video=job.video, build=build, made=made, lease=lease)
            publish_build(lease=lease, build=build, made=made, at=database_now())
    except LeaseLost:
        log.warning("transcode_lease_lost", video=job.video_id, attempt=job.attempts)
        builds.discard_files(job.video, build=build)
        return False
    except probe.VideoRefused as refusal:
        log.warning("transcode_failed", video=job.video_id, code=refusal.code, why=refusal.detail)
        if refusal.code == "no_space":
            wait_for_room(job=job, at=database_now())
        else:
            fail_job(job=job, code=refusal.code, at=database_now())
        builds.discard_dead_builds(job.video)
        return False
    builds.discard_dead_builds(job.video)
    return True


@contextmanager
def room_said() -> Iterator[None]:
    """A full disk or store, wherever it shows, becomes VideoRefused("no_space")."""
    try:
        yield
    except probe.VideoRefused:
        raise
    except Exception as error:
        if is_full(error):
            raise probe.VideoRefused("no_space", detail=str(error)) from error
        raise


@contextmanager
def work_folder(video: Video) -> Iterator[Path]:
    """A folder of this attempt. Those a killed worker left for the same video go first."""
    root = Path(settings.RUN_DIR) / "transcode"
    root.mkdir(parents=True, exist_ok=True)
    for left_over in root.glob(f"{video.key}-*"):
        shutil.rmtree(left_over, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=f"{video.key}-", dir=root) as folder:
        yield Path(folder)


def make_renditions(*, video: Video, folder: Path, lease: Lease) -> transcode.Build:
    source = fetch_source(video, folder=folder, lease=lease)
    facts = probe.read_facts(source, max_seconds=settings.QIANGJI["VIDEO_MAX_SECONDS"])
    output = folder / "build"
    output.mkdir()
    try:
        return transcode.make_build(
            source=source, facts=facts, folder=output, on_progress=lease.show_life
        )
    except probe.VideoRefused as refusal:
        # On a full disk ffmpeg's HLS writer goes on in silence and ends well; only what it wrote is short.
        if shutil.disk_usage(output).free < LEAST_ROOM:
            raise probe.VideoRefused("no_space", detail=refusal.detail) from refusal
        raise


def fetch_source(video: Video, *, folder: Path, lease: Lease) -> Path:
    """The source as a local file; from the cold storage it comes back first."""
    stored = sources.stored_source(video)
    if stored == sources.present_source(video):
        cold.bring_back(video=video, at=database_now(), on_piece=lambda: lease.show_life(0))
        stored = sources.present_source(video)
    return sources.local_file(stored, folder=folder, on_piece=lambda: lease.show_life(0))


def store_build(*, video: Video, build: uuid.UUID, made: transcode.Build, lease: Lease) -> None:
    """Copy a verified build under its own prefix, which nothing names yet, and look that it is whole."""
    for path in made.files:
        lease.show_life(99)
        with path.open("rb") as file:
            default_storage.save(places.build_file(video.key, build, path.name), File(file))
    _folders, stored = default_storage.listdir(f"{places.video_folder(video.key)}/{build}")
    missing = {path.name for path in made.files} - set(stored)
    if missing:
        raise probe.VideoRefused("renditions_incomplete", detail=f"not stored: {sorted(missing)}")


@transaction.atomic
def publish_build(*, lease: Lease, build: uuid.UUID, made: transcode.Build, at: datetime) -> None:
    """Make the build the video's, in one transaction and only while the lease is held."""
    if not lease.held().select_for_update().exists():
        raise LeaseLost(str(lease.job))
    video = lease.job.video
    replaced = replacing.adopt(video=video, seconds=int(made.seconds), at=at)
    Rendition.objects.filter(video=video).delete()
    Rendition.objects.bulk_create(rendition_rows(video=video, build=build, made=made))
    video.state, video.progress, video.build, video.ready_at = Video.State.READY, 100, build, at
    video.duration_seconds = int(made.seconds)
    video.failure_code = video.failure_sentence = ""
    # Saved, not updated in bulk: those who keep lists of what can be watched listen to the signal.
    video.save(update_fields=[*PUBLISHED_FIELDS, *replaced])
    began_at = lease.job.began_at or at
    TranscodeJob.objects.filter(pk=lease.job.pk).update(
        state=TranscodeJob.State.DONE, lease_until=None,
        took_seconds=int((at - began_at).total_seconds()),
    )  # fmt: skip
    record(action="video.ready", by=None, at=at, obj=video, detail={"build": str(build)})


def rendition_rows(*, video: Video, build: uuid.UUID, made: transcode.Build) -> Iterator[Rendition]:
    for variant in made.variants:
        yield Rendition(
            video=video,
            build=build,
            name=variant.playlist.name,
            width=variant.width,
            height=variant.height,
            bandwidth=variant.playlist.bandwidth,
            average_bandwidth=variant.playlist.average_bandwidth,
            codecs=variant.codecs,
            bytes=variant.playlist.bytes,
        )
    if made.slides:
        yield Rendition(
            video=video,
            build=build,
            name=Rendition.SLIDES,
            width=made.slides.width,
            height=made.slides.height,
            bandwidth=made.slides.average_bandwidth,
            average_bandwidth=made.slides.average_bandwidth,
            codecs="webp",
            bytes=made.slides.bytes,
        )


@transaction.atomic
def fail_job(*, job: TranscodeJob, code: str, at: datetime) -> None:
    """Give up with a code and its sentence. Nothing happens when the job went on elsewhere."""
    failed = (
        TranscodeJob.objects.filter(pk=job.pk, attempts=job.attempts, worker=job.worker)
        .exclude(state=TranscodeJob.State.DONE)
        .update(state=TranscodeJob.State.FAILED, lease_until=None)
    )
    if not failed:
        return
    sentence = rules.SENTENCES[code]
    if not replacing.keep_old(video_id=job.video_id, code=code, sentence=sentence):
        Video.objects.filter(pk=job.video_id).update(
            state=Video.State.FAILED, failure_code=code, failure_sentence=sentence
        )
    record(action="video.failed", by=None, at=at, obj=job.video, outcome="refused", code=code,
           reason=sentence)  # fmt: skip


@transaction.atomic
def wait_for_room(*, job: TranscodeJob, at: datetime) -> None:
    """Back into the queue, with the attempt given back: it is no fault of the video's."""
    later = at + LOOK_FOR_ROOM
    waits = (
        Lease(job)
        .held()
        .update(
            state=WAITING,
            attempts=F("attempts") - 1,
            worker="",
            lease_until=later,
            not_before=later,
        )
    )
    if not waits:
        return
    told = Video.objects.filter(pk=job.video_id, failure_code="no_space").exists()
    sentence = rules.SENTENCES["no_space"]
    Video.objects.filter(pk=job.video_id).update(
        state=Video.State.QUEUED, progress=0, failure_code="no_space", failure_sentence=sentence
    )
    if not told:
        record(action="video.waits_for_room", by=None, at=at, obj=job.video, outcome="refused",
               code="no_space", reason=sentence)  # fmt: skip


def release_stale_jobs(*, at: datetime) -> list[int]:
    """Videos to offer to the queue: never taken, or left by a worker that went silent."""
    refresh_urgencies()
    limit = settings.QIANGJI["TRANSCODE_MAX_ATTEMPTS"]
    silent = TranscodeJob.objects.filter(state=RUNNING, lease_until__lt=at, attempts__gte=limit)
    for job in silent.select_related("video"):
        fail_job(job=job, code="worker_lost", at=at)
        builds.discard_dead_builds(job.video)
    due = Q(state=RUNNING, lease_until__lt=at) | Q(state=WAITING, lease_until__lt=at)
    due |= Q(state=WAITING, lease_until=None, requested_at__lt=at - FIRST_OFFER)
    with transaction.atomic():
        offered = TranscodeJob.objects.select_for_update(skip_locked=True).filter(due)
        video_ids = list(offered.values_list("video_id", flat=True))
        TranscodeJob.objects.filter(video_id__in=video_ids).update(
            state=WAITING, lease_until=at + OFFER_AGAIN
        )
    return video_ids
