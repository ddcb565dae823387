"""Writers: taking an upload in, captions, another try. Each leaves an intent row, never only a message."""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from lms.common.errors import Refusal
from lms.journal.services import record
from lms.people.models import Person, Unit
from media import captions, places, probe, queueing, rules
from media.fullness import is_full
from media.models import CaptionTrack, TranscodeJob, Video


class RetryRefused(Refusal):
    code = "retry_not_needed"
    sentence = "只有没有成功的视频才需要重试。这个视频正在处理或已经可以播放。"
    status = 409


class NoRoom(Refusal):
    code = "no_space"
    sentence = "服务器的空间不够，这个文件没有收下。请告诉系统管理员，腾出空间后再传。"
    status = 507


def receive_upload(
    *, file: File, name: str, title: str, owner_unit: Unit, by: Person | None, at: datetime
) -> Video:
    """Check a file, keep it, and leave the intent to transcode it.

    Raises probe.VideoRefused, NoRoom, and then nothing is kept but the journal's note. The caller
    wakes a worker with `tasks.transcode.delay_on_commit(video.pk)`; the schedule would, later.
    """
    try:
        with local_copy(file) as path:
            facts = checked(path, size=file.size)
            digest = sha256_of(path)
        video = Video(title=title, owner_unit=owner_unit, uploaded_by=by, source_name=name[:255])
        video.source.name = store_source(file, name=places.source_of(video.key))
    except (probe.VideoRefused, NoRoom) as refusal:
        note_refused(refusal, name=name, size=file.size, by=by, at=at)
        raise
    described(video, facts=facts, size=file.size, digest=digest, at=at)
    try:
        return keep_video(video, by=by, at=at)
    except BaseException:
        video.source.delete(save=False)
        raise


def store_source(file: File, *, name: str) -> str:
    """Keep a checked file whole, or nothing of it. Raises NoRoom."""
    file.seek(0)
    try:
        return str(default_storage.save(name, file))
    except Exception as error:
        default_storage.delete(name)
        if is_full(error):
            raise NoRoom from error
        raise


def described(
    video: Video, *, facts: rules.SourceFacts, size: int, digest: str, at: datetime
) -> Video:
    """The video with what was found out about its source."""
    video.source_bytes, video.source_sha256, video.created_at = size, digest, at
    video.duration_seconds, video.has_audio = int(facts.seconds), facts.has_audio
    video.width, video.height = facts.picture.width, facts.picture.height
    return video


def note_refused(
    refusal: Refusal, *, name: str, size: int, by: Person | None, at: datetime
) -> None:
    record(action="video.upload", by=by, at=at, outcome="refused", code=refusal.code,
           reason=refusal.sentence, detail={"name": name[:255], "bytes": size})  # fmt: skip


def checked(path: Path, *, size: int) -> rules.SourceFacts:
    if size > settings.QIANGJI["VIDEO_MAX_BYTES"]:
        raise probe.VideoRefused("too_large")
    return probe.read_facts(path, max_seconds=settings.QIANGJI["VIDEO_MAX_SECONDS"])


@transaction.atomic
def keep_video(video: Video, *, by: Person | None, at: datetime) -> Video:
    video.save()
    queueing.enqueue(video=video, at=at)
    detail = {"bytes": video.source_bytes, "sha256": video.source_sha256}
    record(action="video.upload", by=by, at=at, obj=video, detail=detail)
    return video


@contextmanager
def local_copy(file: File) -> Iterator[Path]:
    """The path of an uploaded file; small uploads live in memory and are written out first."""
    if hasattr(file, "temporary_file_path"):
        yield Path(file.temporary_file_path())
        return
    with tempfile.NamedTemporaryFile(prefix="upload-") as spool:
        file.seek(0)
        for piece in file.chunks():
            spool.write(piece)
        spool.flush()
        yield Path(spool.name)


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@transaction.atomic
def retry_transcoding(*, video: Video, by: Person | None, at: datetime) -> None:
    """Put a failed video back into the queue with fresh attempts. Raises RetryRefused."""
    failed = TranscodeJob.objects.select_for_update().filter(
        video=video, state=TranscodeJob.State.FAILED
    )
    if not failed.exists():
        raise RetryRefused
    queueing.enqueue(video=video, at=at)
    Video.objects.filter(pk=video.pk).update(
        state=Video.State.QUEUED, progress=0, failure_code="", failure_sentence=""
    )
    record(action="video.retry", by=by, at=at, obj=video)


@transaction.atomic
def rename_video(*, video: Video, title: str, by: Person | None, at: datetime) -> None:
    detail = {"from": video.title, "to": title}
    Video.objects.filter(pk=video.pk).update(title=title)
    record(action="video.rename", by=by, at=at, obj=video, detail=detail)


def save_captions(
    *, video: Video, data: bytes, language: str, label: str, by: Person | None, at: datetime
) -> CaptionTrack:
    """Replace the captions of one language. Raises captions.CaptionsRefused."""
    cues = captions.read_captions(data, seconds=video.duration_seconds or None)
    digest = store_cues(video=video, cues=cues)
    with transaction.atomic():
        is_first = not video.captions.exclude(language=language).exists()
        track, _created = CaptionTrack.objects.update_or_create(
            video=video,
            language=language,
            defaults={"label": label, "cues": cues, "digest": digest},
            create_defaults={
                "label": label, "cues": cues, "digest": digest, "is_default": is_first,
            },
        )  # fmt: skip
        detail = {"language": language, "cues": len(cues)}
        record(action="video.captions", by=by, at=at, obj=video, detail=detail)
    return track


def store_cues(*, video: Video, cues: list[captions.Cue]) -> str:
    """Write the WebVTT file and return its digest. The file first: nothing points to what is not there."""
    text = captions.webvtt(cues).encode()
    digest = hashlib.sha256(text).hexdigest()[:16]
    name = places.captions_file(video.key, digest)
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(text))
    return digest


@transaction.atomic
def delete_captions(*, track: CaptionTrack, by: Person | None, at: datetime) -> None:
    """The file stays: players of this hour still hold its address, and it is small."""
    detail = {"language": track.language, "removed": True}
    record(action="video.captions", by=by, at=at, obj=track.video, detail=detail)
    track.delete()
