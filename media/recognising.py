"""Asking for captions by ear: an intent row, one worker at a time, the result kept as a draft to review."""

import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import F, Q

from lms.common.clock import database_now
from lms.common.errors import Refusal
from lms.journal.services import record
from lms.people.models import Person
from media import recognition, rules, sources
from media.captions import CaptionsRefused, fit_cues
from media.models import CaptionDraft, Video
from media.recognition import RecognitionRefused

WAITING, RUNNING = CaptionDraft.State.WAITING, CaptionDraft.State.RUNNING
MAX_ATTEMPTS = 2
FIRST_OFFER = timedelta(minutes=2)


@transaction.atomic
def ask_to_recognise(*, video: Video, language: str, by: Person | None, at: datetime) -> None:
    """Leave the intent; `tasks.recognise` listens. Raises RecognitionRefused."""
    if not recognition.is_configured():
        raise RecognitionRefused
    if not video.has_audio or not video.is_ready:
        raise RecognitionRefused("视频转好、有声音，才能识别。", code="recognition_needs_sound")
    draft, made = CaptionDraft.objects.select_for_update().get_or_create(
        video=video, language=language, defaults={"requested_at": at}
    )
    if not made and draft.state in (WAITING, RUNNING):
        raise RecognitionRefused("已经在识别了，好了会显示在这一页。", code="recognition_busy")
    CaptionDraft.objects.filter(pk=draft.pk).update(
        state=WAITING, requested_at=at, attempts=0, lease_until=None, failure_code="",
        failure_sentence="", cues=[],
    )  # fmt: skip
    record(action="video.recognition_asked", by=by, at=at, obj=video, detail={"language": language})


def recognise_video(*, video_id: int, language: str) -> bool:
    """Claim the draft, listen, keep what was heard. True when there is something to review."""
    draft = claim(video_id=video_id, language=language, at=database_now())
    if draft is None:
        return False
    try:
        cues = heard(draft)
    except (RecognitionRefused, CaptionsRefused) as refusal:
        fail(draft, refusal, at=database_now())
        return False
    with transaction.atomic():
        kept = held(draft).update(
            state=CaptionDraft.State.READY, cues=[list(cue) for cue in cues], lease_until=None
        )
        if kept:
            detail = {"language": language, "cues": len(cues)}
            record(action="video.recognised", by=None, at=database_now(), obj=draft.video,
                   detail=detail)  # fmt: skip
    return bool(kept)


def claim(*, video_id: int, language: str, at: datetime) -> CaptionDraft | None:
    """The lease is as long as listening may take, since a recogniser shows no life meanwhile."""
    video = Video.objects.filter(pk=video_id).first()
    if video is None:
        return None
    free = Q(state=WAITING) | Q(state=RUNNING, lease_until__lt=at)
    wanted = CaptionDraft.objects.filter(
        free, video=video, language=language, attempts__lt=MAX_ATTEMPTS
    )
    lease = at + timedelta(seconds=rules.time_allowed(video.duration_seconds))
    if not wanted.update(state=RUNNING, attempts=F("attempts") + 1, lease_until=lease):
        return None
    return CaptionDraft.objects.select_related("video").get(video=video, language=language)


def heard(draft: CaptionDraft) -> list[tuple[float, float, str]]:
    recogniser = recognition.configured_recogniser()
    with tempfile.TemporaryDirectory(prefix="recognise-source-") as folder:
        path = sources.local_file(sources.present_source(draft.video), folder=Path(folder))
        cues = recogniser.transcribe(path, draft.language)
    fitted = fit_cues(cues, seconds=draft.video.duration_seconds or None)
    if not fitted:
        raise RecognitionRefused(
            "没有听到能识别的话。请确认视频里有人讲话，语言选对了。", code="recognition_silent"
        )
    return fitted


def held(draft: CaptionDraft):  # noqa: ANN201, RUF100 - a queryset of CaptionDraft
    return CaptionDraft.objects.filter(pk=draft.pk, state=RUNNING, attempts=draft.attempts)


@transaction.atomic
def fail(draft: CaptionDraft, refusal: Refusal, *, at: datetime) -> None:
    failed = held(draft).update(
        state=CaptionDraft.State.FAILED,
        lease_until=None,
        failure_code=refusal.code,
        failure_sentence=str(refusal.sentence),
    )
    if failed:
        record(action="video.recognised", by=None, at=at, obj=draft.video, outcome="refused",
               code=refusal.code, reason=str(refusal.sentence))  # fmt: skip


def stale_drafts(*, at: datetime) -> list[tuple[int, str]]:
    """Drafts to offer to the queue again. Those whose workers went silent too often are given up."""
    silent = CaptionDraft.objects.filter(
        state=RUNNING, lease_until__lt=at, attempts__gte=MAX_ATTEMPTS
    )
    lost = RecognitionRefused(
        "识别几次都被中断，没有做完。请稍后再试。", code="recognition_worker_lost"
    )
    for draft in silent.select_related("video"):
        fail(draft, lost, at=at)
    due = Q(state=RUNNING, lease_until__lt=at)
    due |= Q(state=WAITING, requested_at__lt=at - FIRST_OFFER)
    return list(CaptionDraft.objects.filter(due).values_list("video_id", "language"))
