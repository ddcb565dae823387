"""Viewings as the rest of the house sees them; `media.beats` alone writes what was watched."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from lms.common.fields import Spans
from lms.people.models import Person, Posting
from media.live import roll_call
from media.models import Livestream, Video, ViewingSession
from media.tokens import issue_viewing_token

# A viewing that came with a merged account finds no clock: without one no beat could be judged.
REOPEN = """
WITH clock AS (
  INSERT INTO media_viewerclock (person_id, consumed_until) VALUES (%(person)s, %(at)s)
  ON CONFLICT (person_id) DO NOTHING
)
UPDATE media_viewingsession SET last_beat_at = %(at)s
WHERE person_id = %(person)s AND video_id = %(video)s RETURNING *
"""


@transaction.atomic(savepoint=False)
def open_viewing(*, person: Person, video: Video, posting: Posting, at: datetime) -> ViewingSession:
    """The person's one viewing of the video, counting from this moment.

    Called each time the study page opens: time before it cannot be claimed, whoever kept the page
    of yesterday. `at` is the database's clock. Makes the person's clock, so that no beat has to.
    """
    known = {"at": at, "person": person.pk, "video": video.pk}
    viewing = next(iter(ViewingSession.objects.raw(REOPEN, known)), None)
    if viewing is not None:
        return viewing
    viewing, _ = ViewingSession.objects.get_or_create(
        person=person,
        video=video,
        defaults={
            "posting": posting,
            "opened_at": at,
            "last_beat_at": at,
            **_length(video, at),
        },
    )
    return viewing


def _length(video: Video, at: datetime) -> dict[str, Any]:
    """Of a live lecture only the bound is known: beats are clipped to what has been spoken."""
    livestream = Livestream.objects.filter(video=video, ended_at__isnull=True).first()
    if livestream is None or not livestream.has_begun:
        return {"duration_seconds": video.duration_seconds}
    longest = settings.QIANGJI["LIVE_MAX_SECONDS"]
    return {
        "duration_seconds": longest,
        "live_since": livestream.began_at,
        **roll_call.first_deadline(livestream=livestream, at=at),
    }


def viewing_token(
    *, viewing: ViewingSession, session_key: str, max_rate: float, at: datetime
) -> str:
    """What the player sends with every beat; works for this sign-in until it expires."""
    lifetime = timedelta(seconds=settings.QIANGJI["VIEWING_TOKEN_SECONDS"])
    return issue_viewing_token(
        viewing_id=viewing.pk,
        person_id=viewing.person_id,
        duration_seconds=viewing.duration_seconds,
        max_rate=max_rate,
        session_key=session_key,
        expires_at=at + lifetime,
    )


def covered_seconds(viewing: ViewingSession) -> int:
    """Whole seconds watched at least once."""
    return sum(end - start for start, end in viewing.counted)


def missing_ranges(viewing: ViewingSession) -> Spans:
    """Half-open spans of whole seconds not watched yet, in order."""
    missing, reached = [], 0
    for start, end in [*viewing.counted, (viewing.duration_seconds, viewing.duration_seconds)]:
        if reached < start:
            missing.append((reached, start))
        reached = end
    return missing
