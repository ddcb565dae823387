"""Writers: announcing a livestream, its key, takes beginning and ending, and the end."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Case, Exists, F, Max, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_noop

from lms.common.errors import Refusal
from lms.journal.services import record
from lms.people.models import Person, Unit
from media.live import passes
from media.live.passes import Pass
from media.models import Livestream, Take, Video

State = Livestream.State


BOUND = """
UPDATE media_viewingsession
SET watched = watched * int4multirange(int4range(0, %(seconds)s)),
  watched_live = watched_live * int4multirange(int4range(0, %(seconds)s)),
  unattended = int4multirange(int4range(0, %(seconds)s))
    * CASE WHEN present_until < now() THEN unattended + awaiting ELSE unattended END,
  awaiting = '{}', present_until = NULL,
  duration_seconds = %(seconds)s,
  position_seconds = least(position_seconds, %(seconds)s), live_since = NULL,
  assessed_at = CASE WHEN duration_seconds = %(seconds)s AND live_since IS NULL THEN assessed_at END
WHERE video_id = %(video)s
"""


class PublishingRefused(Refusal):
    """The encoder is told nothing but no; the journal says why."""

    code = "publishing_refused"
    sentence = gettext_noop("推流码不对，或者这场直播不在推流时间。请在直播页面核对后再推。")
    status = 403


class AlreadyBegun(Refusal):
    code = "livestream_begun"
    sentence = gettext_noop("这场直播已经开讲，时间和主讲人不能再改。")
    status = 409


class AlreadyEnded(Refusal):
    code = "livestream_ended"
    sentence = gettext_noop("这场直播已经结束，不能再改。要再讲一次，请新建一场直播。")
    status = 409


@transaction.atomic
def announce(
    *, title: str, lecturer: str, owner_unit: Unit, starts_at: datetime, ends_at: datetime,
    by: Person | None, at: datetime, roll_call_minutes: int | None = None,
) -> Livestream:  # fmt: skip
    """A livestream and the video whose timeline it fills. It has no key yet."""
    video = Video.objects.create(
        title=title, owner_unit=owner_unit, uploaded_by=by, state=Video.State.LIVE, created_at=at
    )
    livestream = Livestream.objects.create(
        video=video, lecturer=lecturer, starts_at=starts_at, ends_at=ends_at,
        roll_call_minutes=roll_call_minutes, name=secrets.token_hex(8),
    )  # fmt: skip
    record(action="live.announced", by=by, at=at, obj=livestream)
    return livestream


@transaction.atomic
def revise(
    *, livestream: Livestream, title: str, lecturer: str, starts_at: datetime, ends_at: datetime,
    by: Person | None, at: datetime, roll_call_minutes: int | None = None,
) -> None:  # fmt: skip
    """Another time, title or lecturer, until it has begun. The same again changes nothing. Raises AlreadyBegun."""
    kept = Livestream.objects.select_for_update(of=("self",)).select_related("video")
    known = kept.get(pk=livestream.pk)
    if known.state != State.ANNOUNCED:
        raise AlreadyBegun
    before = (known.video.title, known.lecturer, known.starts_at, known.ends_at)
    is_told = before != (title, lecturer, starts_at, ends_at)
    if not is_told and known.roll_call_minutes == roll_call_minutes:
        return
    Video.objects.filter(pk=known.video_id).update(title=title)
    Livestream.objects.filter(pk=known.pk).update(
        lecturer=lecturer, starts_at=starts_at, ends_at=ends_at, roll_call_minutes=roll_call_minutes,
        revisions=F("revisions") + int(is_told), revised_at=at if is_told else known.revised_at,
    )  # fmt: skip
    record(
        action="live.revised", by=by, at=at, obj=known,
        detail={"title": before[0], "lecturer": before[1], "starts_at": before[2].isoformat()},
    )  # fmt: skip


@transaction.atomic
def issue_key(*, livestream: Livestream, by: Person | None, at: datetime) -> str:
    """A new key, shown once; the one before it works no longer. Raises AlreadyEnded."""
    key = secrets.token_urlsafe(24)
    issued = Livestream.objects.filter(pk=livestream.pk, ended_at__isnull=True)
    if not issued.update(key_digest=passes.digest_of(key)):
        raise AlreadyEnded
    record(action="live.key_issued", by=by, at=at, obj=livestream)
    return key


@transaction.atomic
def revoke_key(*, livestream: Livestream, by: Person | None, at: datetime) -> None:
    """Nobody publishes any more until a new key is issued; a sending encoder is cut off."""
    Livestream.objects.filter(pk=livestream.pk).update(key_digest="")
    record(action="live.key_revoked", by=by, at=at, obj=livestream)


def begin_take(*, shown: Pass, take: UUID, at: datetime) -> Take:
    """An encoder begins to send. Raises PublishingRefused: wrong name, wrong or revoked key, outside the
    lecture's hours, or while another encoder sends with the same key."""
    with _refusals_noted(shown, at):
        return _begun(shown=shown, take=take, at=at)


def let_in(*, shown: Pass, at: datetime) -> None:
    """Whether `begin_take` would let this encoder in; nginx asks before it relays. Raises PublishingRefused."""
    with _refusals_noted(shown, at), transaction.atomic():
        livestream = _admitted(shown, at)
        if livestream.takes.filter(ended_at__isnull=True).exists():
            raise PublishingRefused(code="key_in_use")


def may_go_on(*, shown: Pass) -> bool:
    """False once the lecture is over, the key was taken back, or the gate lost the take: nginx, asking every
    few seconds, then drops the encoder, which comes back by itself where it may."""
    open_takes = Take.objects.filter(livestream__name=shown.name, ended_at__isnull=True)
    digest = open_takes.values_list("livestream__key_digest", flat=True).first()
    return shown.is_of(digest or "")


@contextmanager
def _refusals_noted(shown: Pass, at: datetime) -> Iterator[None]:
    try:
        yield
    except PublishingRefused as refusal:
        known = Livestream.objects.filter(name=shown.name).first()
        record(
            action="live.publishing", by=None, at=at, obj=known, outcome="refused",
            code=refusal.code, address=shown.address,
        )  # fmt: skip
        raise


def _admitted(shown: Pass, at: datetime) -> Livestream:
    """Its livestream, locked."""
    found = Livestream.objects.select_for_update(of=("self",)).filter(name=shown.name)
    livestream = found.select_related("video").first()
    if livestream is None:
        raise PublishingRefused(code="name_unknown")
    if not shown.is_of(livestream.key_digest):
        raise PublishingRefused(code="key_wrong")
    early = timedelta(minutes=settings.QIANGJI["LIVE_EARLY_MINUTES"])
    if livestream.state == State.ENDED or at < livestream.starts_at - early:
        raise PublishingRefused(code="not_in_time")
    return livestream


@transaction.atomic
def _begun(*, shown: Pass, take: UUID, at: datetime) -> Take:
    livestream = _admitted(shown, at)
    number = (livestream.takes.aggregate(last=Max("number"))["last"] or 0) + 1
    try:
        with transaction.atomic():
            begun = Take.objects.create(
                key=take, livestream=livestream, number=number, address=shown.address, began_at=at
            )
    except IntegrityError as error:
        raise PublishingRefused(code="key_in_use") from error
    record(
        action="live.publishing", by=None, at=at, obj=livestream, address=shown.address,
        detail={"take": number},
    )  # fmt: skip
    return begun


def go_live(*, take: Take) -> None:
    """The first fragments of a take can be fetched: only now do players have something to ask for.

    The encoder may have dropped in the meantime; then the lecture has begun and is interrupted.
    """
    is_sending = Exists(Take.objects.filter(pk=take.pk, ended_at__isnull=True))
    Livestream.objects.filter(pk=take.livestream_id, ended_at__isnull=True).update(
        state=Case(When(is_sending, then=Value(State.LIVE)), default=Value(State.INTERRUPTED)),
        began_at=Coalesce("began_at", Value(take.began_at)),
    )


@transaction.atomic
def end_take(*, take: Take, at: datetime) -> None:
    """The encoder dropped. The lecture is interrupted, not over: it may come back. Harmless to repeat."""
    if not Take.objects.filter(pk=take.pk, ended_at__isnull=True).update(ended_at=at):
        return
    Livestream.objects.filter(pk=take.livestream_id, state=State.LIVE).update(
        state=State.INTERRUPTED
    )
    record(
        action="live.interrupted", by=None, at=at, obj=take.livestream,
        detail={"take": take.number},
    )  # fmt: skip


@transaction.atomic
def close(*, livestream: Livestream, by: Person | None, at: datetime) -> None:
    """The lecture is over. `publishing.write_playlist` closes the playlist and sets the length; what the
    encoder sent last may still come in. Raises AlreadyEnded."""
    ended = Livestream.objects.filter(pk=livestream.pk, ended_at__isnull=True).update(
        state=State.ENDED, ended_at=at, key_digest=""
    )
    if not ended:
        raise AlreadyEnded
    Take.objects.filter(livestream=livestream, ended_at__isnull=True).update(ended_at=at)
    record(action="live.ended", by=by, at=at, obj=livestream)


def set_length(*, livestream: Livestream, seconds: int) -> None:
    """The lecture was so long. Beats were clipped to the timeline as it grew; here it gets its end."""
    Video.objects.filter(pk=livestream.video_id).update(duration_seconds=seconds)
    with connection.cursor() as cursor:
        cursor.execute(BOUND, {"seconds": seconds, "video": livestream.video_id})
