"""Writers: captions saved from the editor as one set, never over what somebody else saved meanwhile."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from lms.common.errors import Refusal
from lms.journal.services import record
from lms.people.models import Person
from media.captions import Cue
from media.cue_edits import Edited, refuse_problems
from media.models import CaptionDraft, CaptionTrack, Video
from media.services import store_cues


class CaptionsChanged(Refusal):
    code = "captions_changed"
    status = 409
    sentence = (
        "你打开以后，有人存过这条字幕。你的改动都在下面，还没有保存。"
        "先看看对方改了什么，再决定是不是用你的覆盖。"
    )


class CaptionsEmpty(Refusal):
    code = "captions_empty"
    status = 422
    sentence = "一条字幕也没有，没法保存。不要这条字幕，请在视频页上删除。"


def save_edited(
    *,
    video: Video,
    language: str,
    label: str,
    edited: Edited,
    seen: str,
    by: Person | None,
    at: datetime,
) -> CaptionTrack:
    """Keep the whole set. `seen` is the digest of the captions that were opened, "" for none.

    Raises EditRefused, CaptionsEmpty, CaptionsChanged.
    """
    refuse_problems(edited)
    if not edited.cues:
        raise CaptionsEmpty
    digest = store_cues(video=video, cues=edited.cues)
    with transaction.atomic():
        # The video's row, since a first track has none of its own; players insert beside it freely.
        Video.objects.select_for_update(no_key=True).get(pk=video.pk)
        if seen != saved_digest(video, language):
            raise CaptionsChanged
        track = keep_track(video, language, label, edited.cues, digest)
        CaptionDraft.objects.filter(
            video=video, language=language, state=CaptionDraft.State.READY
        ).delete()
        detail = {"language": language, "cues": len(edited.cues), "edited": True}
        record(action="video.captions", by=by, at=at, obj=video, detail=detail)
    return track


def saved_digest(video: Video, language: str) -> str:
    """The digest of what is saved now; "" when nothing is."""
    saved = video.captions.filter(language=language).values_list("digest", flat=True)
    return next(iter(saved), "")


def keep_track(
    video: Video, language: str, label: str, cues: Sequence[Cue], digest: str
) -> CaptionTrack:
    is_first = not video.captions.exclude(language=language).exists()
    facts = {"cues": cues, "digest": digest}
    track, _created = CaptionTrack.objects.update_or_create(
        video=video,
        language=language,
        defaults=facts,
        create_defaults={**facts, "label": label, "is_default": is_first},
    )
    return track
