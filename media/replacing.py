"""Another source for a video that keeps its identity: proposed, looked at, confirmed, transcoded, adopted.

Until the new build is whole, learners see the old one; what they watched stays as it is. A source that
ends before a second somebody has watched is refused: that second would have no picture any more.
"""

from dataclasses import dataclass
from datetime import datetime

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Count, IntegerField, Max, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext as _

from lms.common.errors import Refusal
from lms.journal.services import record
from lms.people.models import Person
from media import queueing, services, sources, usage
from media.models import SourceReplacement, TranscodeJob, Video, ViewingSession
from media.probe import VideoRefused
from media.rules import SourceFacts

AT_WORK = (TranscodeJob.State.WAITING, TranscodeJob.State.RUNNING)
ADOPTED = [
    "source", "source_name", "source_bytes", "source_sha256", "width", "height", "has_audio",
]  # fmt: skip


class ReplacementRefused(Refusal):
    code = "video_busy"
    status = 409
    sentence = "这个视频正在转码。等它转好，再换源文件。"


@dataclass(frozen=True)
class Impact:
    """What replacing would touch. `furthest_second` is the last one anybody has watched."""

    uses: list[usage.Use]
    persons: int
    settled: int
    furthest_second: int
    old_seconds: int
    new_seconds: int | None

    @property
    def changes_length(self) -> bool:
        return self.new_seconds not in (None, self.old_seconds)


def impact_of(video: Video, *, new_seconds: int | None = None) -> Impact:
    counted = ViewingSession.objects.filter(video=video).aggregate(
        persons=Count("person", distinct=True),
        settled=Count("pk", filter=Q(settled_at__isnull=False)),
    )
    return Impact(
        uses=usage.uses_of([video.pk]).get(video.pk, []),
        persons=counted["persons"],
        settled=counted["settled"],
        furthest_second=furthest_second(video),
        old_seconds=video.duration_seconds,
        new_seconds=new_seconds,
    )


def furthest_second(video: Video) -> int:
    """Where the last watched range of anybody ends; 0 when nobody has watched."""
    ends = ViewingSession.objects.filter(video=video).aggregate(
        furthest=Max(Upper("watched", output_field=IntegerField()))
    )
    return ends["furthest"] or 0


def propose(
    *, video: Video, file: File, name: str, by: Person | None, at: datetime
) -> SourceReplacement:
    """Check a file and keep it beside the source, for the impact to be looked at.

    Raises ReplacementRefused, probe.VideoRefused, services.NoRoom; the journal keeps the refusal, the storage nothing.
    """
    try:
        refuse_busy(video)
        with services.local_copy(file) as path:
            facts = services.checked(path, size=file.size)
            digest = services.sha256_of(path)
        refuse_short(video, int(facts.seconds))
    except (ReplacementRefused, VideoRefused) as refusal:
        note_refused(video, refusal, name=name, by=by, at=at)
        raise
    proposal = proposal_of(
        video, facts=facts, digest=digest, at=at, name=name, size=file.size, stored_as=""
    )
    proposal.source.name = services.store_source(
        file, name=proposal.source.field.generate_filename(proposal, name)
    )
    try:
        return keep_proposal(proposal, by=by, at=at)
    except BaseException:
        proposal.source.delete(save=False)
        raise


def proposal_of(
    video: Video, *, facts: SourceFacts, digest: str, at: datetime, name: str, size: int,
    stored_as: str,
) -> SourceReplacement:  # fmt: skip
    """Not written yet; `stored_as` is the storage's name for the file."""
    return SourceReplacement(
        video=video, source=stored_as, source_name=name[:255], source_bytes=size,
        source_sha256=digest, duration_seconds=int(facts.seconds), width=facts.picture.width,
        height=facts.picture.height, has_audio=facts.has_audio, proposed_at=at,
    )  # fmt: skip


def note_refused(
    video: Video, refusal: Refusal, *, name: str, by: Person | None, at: datetime
) -> None:
    record(action="video.replacement_proposed", by=by, at=at, obj=video, outcome="refused",
           code=refusal.code, reason=str(refusal.sentence), detail={"name": name[:255]})  # fmt: skip


@transaction.atomic
def keep_proposal(
    proposal: SourceReplacement, *, by: Person | None, at: datetime
) -> SourceReplacement:
    """One proposal a video: the one before goes, with its file."""
    Video.objects.select_for_update(no_key=True).get(pk=proposal.video_id)
    refuse_busy(proposal.video)
    for before in SourceReplacement.objects.filter(video=proposal.video_id):
        discard_row(before)
    proposal.save()
    detail = {"bytes": proposal.source_bytes, "sha256": proposal.source_sha256}
    record(action="video.replacement_proposed", by=by, at=at, obj=proposal.video, detail=detail)
    return proposal


def refuse_busy(video: Video) -> None:
    if video.state == Video.State.LIVE:
        raise ReplacementRefused(_("这场直播还没有录完。录好、转码完，才能换文件。"))
    if TranscodeJob.objects.filter(video=video, state__in=AT_WORK).exists():
        raise ReplacementRefused


def refuse_short(video: Video, seconds: int) -> None:
    furthest = furthest_second(video)
    if seconds < furthest:
        raise ReplacementRefused(
            _("新文件长 %(new)s，已经有人看到 %(seen)s，换了以后他看过的部分就没有了。请换一个不短于 %(seen)s 的文件，或者另传成新视频。")
            % {"new": clock(seconds), "seen": clock(furthest)},
            code="replacement_too_short",
        )  # fmt: skip


def clock(seconds: int) -> str:
    hours, rest = divmod(seconds, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60:02}:{rest % 60:02}"


@transaction.atomic
def confirm(*, video: Video, by: Person | None, at: datetime) -> None:
    """Queue the proposed source. The caller wakes a worker. Raises ReplacementRefused."""
    job = TranscodeJob.objects.select_for_update().get(video=video)
    proposal = SourceReplacement.objects.select_for_update().filter(video=video).first()
    if proposal is None:
        raise ReplacementRefused(
            _("没有等着换上的文件，可能别人已经放弃了。请重新选一个文件。"),
            code="replacement_missing",
        )
    if job.state in AT_WORK:
        raise ReplacementRefused
    refuse_short(video, proposal.duration_seconds)
    SourceReplacement.objects.filter(pk=proposal.pk).update(
        confirmed_at=at, failure_code="", failure_sentence=""
    )
    queueing.enqueue(video=video, at=at)
    Video.objects.filter(pk=video.pk).update(
        state=Video.State.QUEUED, progress=0, failure_code="", failure_sentence=""
    )
    detail = {
        "bytes": proposal.source_bytes, "sha256": proposal.source_sha256,
        "seconds": [video.duration_seconds, proposal.duration_seconds],
    }  # fmt: skip
    record(action="video.replacement_confirmed", by=by, at=at, obj=video, detail=detail)


@transaction.atomic
def withdraw(*, video: Video, by: Person | None, at: datetime) -> None:
    """Give a proposed or failed source up. Raises ReplacementRefused while it is being transcoded."""
    TranscodeJob.objects.select_for_update().get(video=video)
    refuse_busy(video)
    for proposal in SourceReplacement.objects.filter(video=video):
        discard_row(proposal)
        record(action="video.replacement_withdrawn", by=by, at=at, obj=video)
    if video.build is not None:
        TranscodeJob.objects.filter(video=video).update(state=TranscodeJob.State.DONE)


def discard_row(proposal: SourceReplacement) -> None:
    name = str(proposal.source.name)
    proposal.delete()
    transaction.on_commit(lambda: default_storage.delete(name))


def adopt(*, video: Video, seconds: int, at: datetime) -> list[str]:
    """Inside the publishing transaction: the confirmed source becomes the video's. Changed fields.

    Viewings not settled yet go by the new length; settled ones keep the length they were settled by.
    Raises VideoRefused("replacement_too_short") when somebody has watched on meanwhile.
    """
    proposal = SourceReplacement.objects.filter(video=video, confirmed_at__isnull=False).first()
    if proposal is None:
        return []
    if seconds < furthest_second(video):
        raise VideoRefused("replacement_too_short")
    storage, name = sources.present_source(video)
    transaction.on_commit(lambda: storage.delete(name))
    detail = {"seconds": [video.duration_seconds, seconds], "sha256": proposal.source_sha256}
    for field in ADOPTED:
        setattr(video, field, getattr(proposal, field))
    video.cold_name, video.cold_since, video.past_build = "", None, video.build
    if seconds != video.duration_seconds:
        ViewingSession.objects.filter(video=video, settled_at__isnull=True).update(
            duration_seconds=seconds, assessed_at=None
        )
    proposal.delete()
    record(action="video.replaced", by=None, at=at, obj=video, detail=detail)
    return [*ADOPTED, "cold_name", "cold_since", "past_build"]


def keep_old(*, video_id: int, code: str, sentence: str) -> bool:
    """Whether what failed was a replacement: the video stays as it was, the proposal says why."""
    failed = SourceReplacement.objects.filter(video=video_id, confirmed_at__isnull=False).update(
        confirmed_at=None, failure_code=code, failure_sentence=sentence
    )
    if not failed:
        return False
    shown = Video.objects.filter(pk=video_id, build__isnull=False)
    return bool(
        shown.update(state=Video.State.READY, progress=100, failure_code="", failure_sentence="")
    )
