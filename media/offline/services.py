"""Writers: a pack is issued, returned with what was watched, and given up."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from lms.common.errors import Refusal
from lms.common.spans import Spans, union, without
from lms.journal.services import record
from lms.people.models import Person, Posting
from media.beats.wire import SLOWEST_RATE, RangeInvalid, RateNotAllowed
from media.models import OfflinePack, Video, ViewerClock, ViewingSession
from media.offline.rules import Window, cost_of, fits, fits_before, wall_time_used_to
from media.viewing import open_viewing


class PackUnknown(Refusal):
    code = "pack_unknown"
    status = 404
    sentence = gettext_noop("没有找到这份离线课程。请用下载时的账号登录。")


class PackKeyUsed(Refusal):
    code = "client_key_used"
    status = 409
    sentence = gettext_noop("这个请求编号已经用来下载过另一个视频。请刷新页面后重新下载。")


class PackOpen(Refusal):
    code = "pack_open"
    status = 409
    sentence = gettext_noop(
        "这个视频已经下载在一台设备上了。请在那台设备上删除，或者放弃那一份，再重新下载。"
    )


class PackClosed(Refusal):
    code = "pack_closed"
    status = 409
    sentence = gettext_noop("这份离线课程已经放弃，不能再补记。要接着离线学，请重新下载。")


class PackExpired(Refusal):
    code = "pack_expired"
    status = 409
    sentence = gettext_noop("这份离线课程到期太久，不能再补记了。请在线补看，或者重新下载。")


class ReturnKeyUsed(Refusal):
    code = "return_key_used"
    status = 409
    sentence = gettext_noop("这个补记编号已经报过别的时段，这次没有计入。请刷新页面后再试。")


class PackExceedsTime(Refusal):
    code = "offline_exceeds_time"
    status = 409
    sentence = gettext_noop(
        "离线学习的时间，加上这期间在线和其他离线课程已经计入的时间，"
        "超过了从下载到上报（最晚到期）的实际时间，这一次没有计入。"
    )


@transaction.atomic
def issue_pack(
    *,
    person: Person,
    video: Video,
    posting: Posting,
    client_key: UUID,
    max_rate: float,
    at: datetime,
) -> OfflinePack:
    """Let the person take the video along; repeating the request gives the same pack.

    `at` is the database's clock. A pack that has expired gives way to a new one.
    Raises PackKeyUsed, PackOpen.
    """
    open_viewing(person=person, video=video, posting=posting, at=at)
    clock = ViewerClock.objects.select_for_update(no_key=True).get(person=person)
    same = OfflinePack.objects.filter(person=person, client_key=client_key).first()
    if same is not None:
        if same.video_id != video.pk:
            raise PackKeyUsed
        return same
    held = _open_packs(person).filter(video=video)
    if held.filter(expires_at__gt=at).exists():
        raise PackOpen
    held.update(given_up_at=at)
    pack = OfflinePack.objects.create(
        client_key=client_key,
        person=person,
        video=video,
        posting=posting,
        max_rate=max_rate,
        issued_at=at,
        expires_at=at + timedelta(days=settings.QIANGJI["OFFLINE_PACK_DAYS"]),
        spent_at_issue=clock.spent,
    )
    record(action="video.offline_issued", by=person, at=at, obj=video, posting=posting)
    return pack


@transaction.atomic
def give_up_pack(*, key: UUID, by: Person, at: datetime) -> None:
    """Nothing more will come back of this pack. Harmless to repeat. Raises PackUnknown."""
    pack = _pack_of(key, by)
    if _open_packs(by).filter(pk=pack.pk).update(given_up_at=at):
        record(action="video.offline_given_up", by=by, at=at, obj=pack.video, posting=pack.posting)


@transaction.atomic
def return_pack(
    *, key: UUID, client_key: UUID, ranges: Spans, rate: float, by: Person, at: datetime
) -> ViewingSession:
    """Credit what was watched without a network, whole seconds played at `rate`, once.

    `at` is the database's clock. A pack is returned as often as there is something new; the same
    `client_key` with the same body gives the viewing as it is. After the expiry a return still
    counts for some days, within the time up to the expiry. What comes back was watched later, so
    it also makes good what a roll call left without an answer (ADR 0026).
    Raises PackUnknown, PackClosed, PackExpired, ReturnKeyUsed, RangeInvalid, RateNotAllowed,
    PackExceedsTime; the pack then stays as it was.
    """
    # The clock first, then the viewing: the order in which beats lock them.
    clock = ViewerClock.objects.select_for_update(no_key=True).filter(person=by).first()
    pack = _pack_of(key, by)
    viewing = ViewingSession.objects.select_for_update(no_key=True).get(
        person=by, video_id=pack.video_id
    )
    claimed = union(ranges)
    if pack.last_return_key == client_key:
        if (pack.last_return_ranges, pack.last_return_rate) != (claimed, rate):
            raise ReturnKeyUsed
        return viewing
    _check_open(pack, at)
    _check_claim(ranges, rate, viewing, pack)
    cost = cost_of(claimed, counted=viewing.counted, rate=rate)
    window = _window(pack)
    if clock is None or not fits(window, spent=clock.spent, cost=cost, at=at):
        raise PackExceedsTime
    _spend(clock, window, pack, cost)
    viewing.watched = union(viewing.watched, claimed)
    viewing.unattended = without(viewing.unattended, claimed)
    viewing.last_beat_at = max(viewing.last_beat_at, at)
    viewing.save(update_fields=["watched", "unattended", "last_beat_at"])
    _note_return(pack, client_key, claimed, rate, at)
    record(action="video.offline_returned", by=by, at=at, obj=pack.video, posting=pack.posting)
    return viewing


def _check_open(pack: OfflinePack, at: datetime) -> None:
    if pack.given_up_at is not None:
        raise PackClosed
    if at > pack.expires_at + timedelta(days=settings.QIANGJI["OFFLINE_RETURN_DAYS"]):
        raise PackExpired


def _note_return(
    pack: OfflinePack, client_key: UUID, claimed: Spans, rate: float, at: datetime
) -> None:
    pack.returned_at, pack.returned_ranges = at, union(pack.returned_ranges, claimed)
    pack.last_return_key, pack.last_return_ranges, pack.last_return_rate = client_key, claimed, rate
    pack.save(
        update_fields=[
            "returned_at", "returned_ranges",
            "last_return_key", "last_return_ranges", "last_return_rate",
        ]
    )  # fmt: skip


def _pack_of(key: UUID, person: Person) -> OfflinePack:
    packs = OfflinePack.objects.select_for_update(of=("self",)).select_related("video", "posting")
    pack = packs.filter(key=key, person=person).first()
    if pack is None:
        raise PackUnknown
    return pack


def _open_packs(person: Person) -> QuerySet[OfflinePack]:
    return OfflinePack.objects.filter(person=person, given_up_at__isnull=True)


def _window(pack: OfflinePack) -> Window:
    return Window(pack.issued_at, pack.expires_at, pack.spent_at_issue)


def _check_claim(ranges: Spans, rate: float, viewing: ViewingSession, pack: OfflinePack) -> None:
    if not SLOWEST_RATE <= rate <= pack.max_rate:
        raise RateNotAllowed
    if any(not 0 <= start < end <= viewing.duration_seconds for start, end in ranges):
        raise RangeInvalid


def _spend(clock: ViewerClock, window: Window, pack: OfflinePack, cost: timedelta) -> None:
    """Count the cost once: for beats, for this pack, and for packs issued later that overlap it."""
    used_to = wall_time_used_to(window, spent=clock.spent, cost=cost)
    clock.consumed_until = max(clock.consumed_until, used_to)
    clock.spent += cost
    clock.save(update_fields=["consumed_until", "spent"])
    for later in _open_packs(pack.person).filter(issued_at__gt=pack.issued_at):
        later.spent_at_issue += fits_before(window, _window(later), cost=cost)
        later.save(update_fields=["spent_at_issue"])
