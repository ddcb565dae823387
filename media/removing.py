"""Taking a video away: from the choice, or altogether where nothing and nobody depends on it."""

from datetime import datetime

from django.core.files.storage import Storage, default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from lms.common.errors import Refusal
from lms.journal.services import record
from lms.people.models import Person
from media import places, sources, usage
from media.models import Livestream, TranscodeJob, Upload, Video, ViewingSession
from media.uploads.receiving import discard_upload

NAMED = 3


class DeletionRefused(Refusal):
    code = "video_in_use"
    status = 409
    sentence = "有课程包用着这个视频，删不了。"


@transaction.atomic
def set_hidden(*, video: Video, is_hidden: bool, by: Person | None, at: datetime) -> None:
    """Stop offering a video to editors, or offer it again. Where it is used it stays."""
    changed = Video.objects.filter(pk=video.pk, is_hidden=not is_hidden).update(is_hidden=is_hidden)
    if changed:
        record(action="video.hidden" if is_hidden else "video.offered", by=by, at=at, obj=video)


def deletion_problem(video: Video, *, unit_ids: frozenset[int]) -> DeletionRefused | None:
    """Why the video cannot go, naming packages of `unit_ids` and published ones, or None."""
    uses = usage.uses_of([video.pk]).get(video.pk, [])
    if uses:
        return DeletionRefused(in_use_sentence(uses, unit_ids))
    if Livestream.objects.filter(video=video).exists():
        sentence = _("这是一场直播的视频，直播还在，所以不能删。不想再用，可以「不再提供选用」。")
        return DeletionRefused(sentence, code="video_of_livestream")
    persons = ViewingSession.objects.filter(video=video).count()
    if persons:
        sentence = _(
            "有 %(n)d 人看过这个视频，他们的学时靠它作证，所以不能删。不想再用，可以「不再提供选用」。"
        )
        return DeletionRefused(sentence % {"n": persons}, code="video_watched")
    if TranscodeJob.objects.filter(video=video, state=TranscodeJob.State.RUNNING).exists():
        return DeletionRefused(_("这个视频正在转码。等它转好或停下，再来删。"), code="video_busy")
    if Upload.objects.filter(replaces=video, state=Upload.State.CHECKING).exists():
        return DeletionRefused(_("它的新源文件正在检查。等检查完，再来删。"), code="video_busy")
    return None


def in_use_sentence(uses: list[usage.Use], unit_ids: frozenset[int]) -> str:
    """The places by name; drafts of other units are only counted, since their titles are not told."""
    shown = [use for use in uses if use.is_live or use.unit_id in unit_ids]
    named = "、".join(
        _("《%(package)s》的「%(unit)s」") % {"package": use.package, "unit": use.unit}
        for use in shown[:NAMED]
    )
    rest = len(uses) - len(shown[:NAMED])
    if not named:
        return _("外单位的 %(n)d 处课程草稿用着这个视频，删不了。") % {"n": rest}
    if rest:
        named += _("等 %(n)d 处") % {"n": len(uses)}
    return _("%(places)s用着这个视频，删不了。先在那里换成别的视频。") % {"places": named}


def delete_video(
    *, video: Video, unit_ids: frozenset[int], by: Person | None, at: datetime
) -> None:
    """Delete row and files. Raises DeletionRefused, which the journal keeps."""
    try:
        delete_rows(video=video, unit_ids=unit_ids, by=by, at=at)
    except DeletionRefused as refusal:
        record(action="video.deleted", by=by, at=at, obj=video, outcome="refused",
               code=refusal.code, reason=refusal.sentence)  # fmt: skip
        raise


@transaction.atomic
def delete_rows(*, video: Video, unit_ids: frozenset[int], by: Person | None, at: datetime) -> None:
    # The lock stops a unit or a viewing from naming the video between the look and the deletion.
    held = Video.objects.select_for_update().get(pk=video.pk)
    problem = deletion_problem(held, unit_ids=unit_ids)
    if problem:
        raise problem
    detail = {"title": held.title, "bytes": held.source_bytes, "sha256": held.source_sha256}
    record(action="video.deleted", by=by, at=at, obj=held, detail=detail)
    folder, cold, cold_name = places.video_folder(held.key), sources.cold_storage(), held.cold_name
    for upload in Upload.objects.filter(replaces=held):
        discard_upload(upload=upload)
    held.delete()
    transaction.on_commit(lambda: delete_folder(default_storage, folder))
    if cold is not None and cold_name:
        transaction.on_commit(lambda: cold.delete(cold_name))


def delete_folder(storage: Storage, folder: str) -> None:
    try:
        folders, names = storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in folders:
        delete_folder(storage, f"{folder}/{name}")
    for name in names:
        storage.delete(f"{folder}/{name}")
    storage.delete(folder)  # a local disk keeps the empty folder; an object store has none
