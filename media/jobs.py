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
from media import cold, places, probe, replacing, rules, sources, transcode
from media.links import QUANTUM_SECONDS
from media.models import Rendition, TranscodeJob, Video

RUNNING, WAITING = TranscodeJob.State.RUNNING, TranscodeJob.State.WAITING
# A waiting job is offered to the queue again when nobody took it for so long.
OFFER_AGAIN = timedelta(minutes=10)
FIRST_OFFER = timedelta(seconds=15)
PUBLISHED_FIELDS = [
    *("state", "progress", "build", "ready_at", "duration_seconds"),
    *("failure_code", "failure_sentence"),
]

log = structlog.get_logger(__name__)


class LeaseLost(Exception):
    """Another worker has, or may have, this job now."""


def claim_job(*, video_id: int, worker: str, at: datetime) -> TranscodeJob | None:
    """Take a waiting job, or one whose worker went silent. None when there is nothing to take."""
    free = Q(state=WAITING) | Q(state=RUNNING, lease_until__lt=at)
    with transaction.atomic():
        taken = TranscodeJob.objects.filter(
            free, video_id=video_id, attempts__lt=settings.QIANGJI["TRANSCODE_MAX_ATTEMPTS"]
        ).update(
            state=RUNNING, worker=worker, attempts=F("attempts") + 1, lease_until=lease_end(at)
        )
        if not taken:
            return None
        Video.objects.filter(pk=video_id).update(state=Video.State.TRANSCODING, progress=0)
    return TranscodeJob.objects.select_related("video").get(video_id=video_id)


def lease_end(at: datetime) -> datetime:
    return at + timedelta(seconds=settings.QIANGJI["TRANSCODE_LEASE_SECONDS"])


class Lease:
    """A worker's hold on a job. `show_life` is cheap to call often."""

    def __init__(self, job: TranscodeJob) -> None:
        self.job, self.percent = job, -1
        self.renewed_at: datetime | None = None

    def show_life(self, percent: int) -> None:
        """Renew at most once a second and tell how far the work is. Raises LeaseLost."""
        at = database_now()
        if self.renewed_at and at - self.renewed_at < timedelta(seconds=1):
            return
        held = self.held().update(lease_until=lease_end(at))
        if not held:
            raise LeaseLost(str(self.job))
        self.renewed_at = at
        if percent != self.percent:
            Video.objects.filter(pk=self.job.video_id).update(progress=percent)
            self.percent = percent

    def held(self):  # noqa: ANN201, RUF100 - a queryset of TranscodeJob
        return TranscodeJob.objects.filter(
            pk=self.job.pk, state=RUNNING, worker=self.job.worker, attempts=self.job.attempts
        )


def transcode_video(*, video_id: int, worker: str) -> bool:
    """Claim, transcode, publish. True when this call finished the video; runs twice without harm."""
    job = claim_job(video_id=video_id, worker=worker, at=database_now())
    if job is None:
        return False
    build, lease = uuid.uuid4(), Lease(job)
    try:
        with work_folder(job.video) as folder:
            made = make_renditions(video=job.video, folder=folder, lease=lease)
            store_build(video=job.video, build=build, made=made, lease=lease)
            publish_build(lease=lease, build=build, made=made, at=database_now())
    except LeaseLost:
        log.warning("transcode_lease_lost", video=job.video_id, attempt=job.attempts)
        discard_files(job.video, build=build)
        return False
    except probe.VideoRefused as refusal:
        log.warning("transcode_failed", video=job.video_id, code=refusal.code, why=refusal.detail)
        fail_job(job=job, code=refusal.code, at=database_now())
        discard_dead_builds(job.video)
        return False
    discard_dead_builds(job.video)
    return True


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
    return transcode.make_build(
        source=source, facts=facts, folder=output, on_progress=lease.show_life
    )


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
    TranscodeJob.objects.filter(pk=lease.job.pk).update(
        state=TranscodeJob.State.DONE, lease_until=None
    )
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
        TranscodeJob.objects.filter(pk=job.pk, attempts=job.attempts)
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


def release_stale_jobs(*, at: datetime) -> list[int]:
    """Videos to offer to the queue: never taken, or left by a worker that went silent."""
    limit = settings.QIANGJI["TRANSCODE_MAX_ATTEMPTS"]
    silent = TranscodeJob.objects.filter(state=RUNNING, lease_until__lt=at, attempts__gte=limit)
    for job in silent.select_related("video"):
        fail_job(job=job, code="worker_lost", at=at)
        discard_dead_builds(job.video)
    due = Q(state=RUNNING, lease_until__lt=at) | Q(state=WAITING, lease_until__lt=at)
    due |= Q(state=WAITING, lease_until=None, requested_at__lt=at - FIRST_OFFER)
    with transaction.atomic():
        offered = TranscodeJob.objects.select_for_update(skip_locked=True).filter(due)
        video_ids = list(offered.values_list("video_id", flat=True))
        TranscodeJob.objects.filter(video_id__in=video_ids).update(
            state=WAITING, lease_until=at + OFFER_AGAIN
        )
    return video_ids


def discard_dead_builds(video: Video) -> None:
    """Delete every build of the video but the one it shows, and the one open pages may still play."""
    kept = Video.objects.values_list("build", "past_build").get(pk=video.pk)
    folders, _files = default_storage.listdir(places.video_folder(video.key))
    for folder in folders:
        if folder not in ("captions", *map(str, kept)):
            discard_files(video, build=uuid.UUID(folder))


def discard_past_builds(*, at: datetime) -> None:
    """Delete the builds of replaced sources once no signed address of them is valid any more."""
    over = at - timedelta(seconds=settings.QIANGJI["DELIVERY_TOKEN_SECONDS"] + QUANTUM_SECONDS)
    for video in Video.objects.filter(past_build__isnull=False, ready_at__lt=over):
        Video.objects.filter(pk=video.pk, past_build=video.past_build).update(past_build=None)
        discard_dead_builds(video)


def discard_files(video: Video, *, build: uuid.UUID) -> None:
    folder = f"{places.video_folder(video.key)}/{build}"
    try:
        _folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in names:
        default_storage.delete(f"{folder}/{name}")
    # A local disk keeps the empty folder; an object store has none.
    default_storage.delete(folder)
