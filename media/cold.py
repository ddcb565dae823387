"""Sources nobody needs for watching, moved to a cheaper storage and back.

Copied under a name of its own, read back and compared with the digest taken at the upload; only then
the row says where it lies, and only after that the other copy goes. A worker that dies between leaves
a copy too many, never one too few.
"""

import hashlib
import uuid
from collections.abc import Callable
from datetime import datetime

from django.core.files.base import File
from django.core.files.storage import Storage, default_storage
from django.db import transaction
from django.db.models import QuerySet

from lms.common.errors import Refusal
from lms.journal.services import record
from lms.people.models import Person
from media import places, sources
from media.models import TranscodeJob, Video
from media.probe import VideoRefused

DONE = TranscodeJob.State.DONE


class ColdRefused(Refusal):
    code = "cold_storage_missing"
    status = 409
    sentence = "没有配置冷存储，源文件移不走。请系统管理员在部署配置里加上 COLD_STORAGE_URL。"


def archivable(*, older_than: datetime | None = None) -> QuerySet[Video]:
    """Ready videos whose source lies in the usual storage and that nobody is working on."""
    found = Video.objects.filter(
        state=Video.State.READY, build__isnull=False, cold_name="", job__state=DONE,
        replacement__isnull=True,
    )  # fmt: skip
    if older_than is not None:
        found = found.filter(ready_at__lt=older_than)
    return found.order_by("pk")


@transaction.atomic
def ask_to_archive(*, video: Video, by: Person | None, at: datetime) -> None:
    """Leave the intent; `tasks.archive_source` does it. Raises ColdRefused."""
    if sources.cold_storage() is None:
        raise ColdRefused
    if not archivable().filter(pk=video.pk).exists():
        raise ColdRefused(
            "现在移不了：视频要已经可以播放、没有在转码或换源，源文件也还没移走。",
            code="source_not_archivable",
        )
    Video.objects.filter(pk=video.pk).update(cold_wanted_at=at, cold_refusal="")
    record(action="video.archive_asked", by=by, at=at, obj=video)


def archive_wanted(*, video_id: int, at: datetime) -> bool:
    """Do what was asked for; a refusal is kept for the video's page. Runs twice without harm."""
    video = archivable().filter(pk=video_id, cold_wanted_at__isnull=False).first()
    if video is None:
        Video.objects.filter(pk=video_id).update(cold_wanted_at=None)
        return False
    try:
        return archive_source(video=video, by=None, at=at)
    except (ColdRefused, VideoRefused) as refusal:
        Video.objects.filter(pk=video_id).update(
            cold_wanted_at=None, cold_refusal=str(refusal.sentence)
        )
        record(action="video.source_archived", by=None, at=at, obj=video, outcome="refused",
               code=refusal.code, reason=str(refusal.sentence))  # fmt: skip
        return False


def archive_source(*, video: Video, by: Person | None, at: datetime) -> bool:
    """Move the source of an archivable video. False when somebody else did, or began to need it.

    Raises ColdRefused, and VideoRefused("source_damaged") when a copy differs from what was uploaded.
    """
    cold = sources.cold_storage()
    if cold is None:
        raise ColdRefused
    warm_name = str(video.source.name)
    name = f"{places.video_folder(video.key)}/source-{uuid.uuid4().hex[:12]}"
    name = copy(default_storage, warm_name, cold, name, digest=video.source_sha256)
    with transaction.atomic():
        TranscodeJob.objects.select_for_update().filter(video=video).first()
        moved = (
            archivable()
            .filter(pk=video.pk, source=warm_name)
            .update(cold_name=name, cold_since=at, cold_wanted_at=None, cold_refusal="")
        )
        if moved:
            record(action="video.source_archived", by=by, at=at, obj=video,
                   detail={"bytes": video.source_bytes})  # fmt: skip
    if moved:
        default_storage.delete(warm_name)
    else:
        cold.delete(name)
    return bool(moved)


def bring_back(*, video: Video, at: datetime, on_piece: Callable[[], None] = lambda: None) -> None:
    """Move the source to the usual storage again. Nothing happens when it lies there.

    Raises VideoRefused("source_damaged").
    """
    cold = sources.cold_storage()
    if not video.cold_name or cold is None:
        return
    cold_name = video.cold_name
    name = f"{places.video_folder(video.key)}/source-{uuid.uuid4().hex[:12]}"
    digest = video.source_sha256
    name = copy(cold, cold_name, default_storage, name, digest=digest, on_piece=on_piece)
    with transaction.atomic():
        moved = Video.objects.filter(pk=video.pk, cold_name=cold_name).update(
            source=name, cold_name="", cold_since=None
        )
        if moved:
            record(action="video.source_fetched_back", by=None, at=at, obj=video)
    (cold if moved else default_storage).delete(cold_name if moved else name)
    video.refresh_from_db(fields=["source", "cold_name", "cold_since"])


def copy(
    origin: Storage,
    origin_name: str,
    target: Storage,
    name: str,
    *,
    digest: str,
    on_piece: Callable[[], None] = lambda: None,
) -> str:
    """Copy and read back. The name it was kept under. Raises VideoRefused("source_damaged")."""
    if read_digest(origin, origin_name, on_piece) != digest:
        raise VideoRefused("source_damaged", detail=origin_name)
    with origin.open(origin_name, "rb") as file:
        kept = target.save(name, File(file))
    if read_digest(target, kept, on_piece) != digest:
        target.delete(kept)
        raise VideoRefused("source_damaged", detail=kept)
    return kept


def read_digest(storage: Storage, name: str, on_piece: Callable[[], None]) -> str:
    """SHA-256 of a stored file, "" when it is not there."""
    digest = hashlib.sha256()
    try:
        with storage.open(name, "rb") as file:
            for piece in file.chunks(sources.PIECE_BYTES):
                digest.update(piece)
                on_piece()
    except FileNotFoundError:
        return ""
    return digest.hexdigest()


def wanted() -> list[int]:
    """Videos whose source somebody asked to move."""
    return list(Video.objects.filter(cold_wanted_at__isnull=False).values_list("pk", flat=True))
