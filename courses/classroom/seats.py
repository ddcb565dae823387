"""Seats: announced with a trip, taken by one statement, passed on to whoever waits first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_noop

from courses.classroom.models import SeatPool, SignUp, Stop, Trip
from courses.classroom.selectors import sign_ups_of
from lms.attendance.models import Expected, Occasion
from lms.attendance.services import expect, open_occasion, stop_expecting
from lms.common.clock import local_date
from lms.common.errors import Refusal
from lms.journal.services import record
from lms.people.models import Person, Posting, Unit
from lms.people.selectors import posting_on


class SeatsBeyondSite(Refusal):
    code = "seats_beyond_site"
    sentence = gettext_noop("名额加起来超过了教学点的座位数。请减少名额，或换一个教学点。")


class SeatsTaken(Refusal):
    code = "seats_taken"
    sentence = gettext_noop("已经有人报了名，名额不能减到已报人数以下。")
    status = 409


class StopTaken(Refusal):
    code = "stop_taken"
    sentence = gettext_noop(
        "这一站已经有人报名，不能直接删掉。请改它的时间、地点，或取消整次行程。"
    )
    status = 409


class NotAnnounced(Refusal):
    code = "not_announced"
    sentence = gettext_noop("这次流动课堂现在不接受报名。")
    status = 409


class SignUpOver(Refusal):
    code = "sign_up_over"
    sentence = gettext_noop("报名已经截止。想去的话，请联系班级管理员登记为临时到场。")
    status = 409


class AlreadySignedUp(Refusal):
    code = "already_signed_up"
    sentence = gettext_noop("你已经报了这一站。")
    status = 409


class TimeTaken(Refusal):
    code = "time_taken"
    sentence = gettext_noop("你在同一时间已经报了另一站。请先退掉那一站。")
    status = 409


class WithdrawalOver(Refusal):
    code = "withdrawal_over"
    sentence = gettext_noop("已经过了可退的时间。不能去的话，请在“我的课堂”里请假。")
    status = 409


class NoSeatToGive(Refusal):
    code = "no_seat_to_give"
    sentence = gettext_noop("名额不够指派这些人，一个也没有指派。")
    status = 409


class NobodyServing(Refusal):
    code = "nobody_serving"
    sentence = gettext_noop("报名的人当天没有任职单位。请先让单位培训管理员核对任职。")


@dataclass(frozen=True)
class PoolPlan:
    """Seats for a unit's people (None: for everybody), kept for them until `release_at`."""

    unit: Unit | None
    seats: int
    release_at: datetime | None = None


def set_pools(*, stop: Stop, pools: Sequence[PoolPlan], by: Person, at: datetime) -> None:
    """Bring a stop's seats to this plan. Whoever waits gets what becomes free.

    Raises SeatsBeyondSite, SeatsTaken.
    """
    if sum(pool.seats for pool in pools) > stop.site.seats:
        raise SeatsBeyondSite
    with transaction.atomic():
        Stop.objects.select_for_update().get(pk=stop.pk)
        there = {pool.unit_id: pool for pool in stop.pools.all()}
        for wanted in pools:
            unit_id = wanted.unit.pk if wanted.unit else None
            row = there.pop(unit_id, None) or SeatPool(stop=stop, unit=wanted.unit)
            if wanted.seats < row.taken:
                raise SeatsTaken
            row.seats, row.release_at = wanted.seats, wanted.release_at
            row.save()
        if any(pool.taken for pool in there.values()):
            raise SeatsTaken
        SeatPool.objects.filter(pk__in=[pool.pk for pool in there.values()]).delete()
        detail = {"seats": sum(pool.seats for pool in pools)}
        record(action="classroom.seats_set", by=by, at=at, obj=stop.trip, detail=detail)
        _promote(stop, at)


def announce_trip(*, trip: Trip, by: Person, at: datetime) -> None:
    """From now on people see it and sign up; stops without seats yet are open to all the site holds."""
    with transaction.atomic():
        trip = Trip.objects.select_for_update().get(pk=trip.pk)
        if trip.state == Trip.State.CANCELLED:
            raise NotAnnounced
        for stop in trip.stops.select_related("site"):
            if not stop.pools.exists():
                SeatPool.objects.create(stop=stop, unit=None, seats=stop.site.seats)
        Trip.objects.filter(pk=trip.pk).update(
            state=Trip.State.ANNOUNCED, revisions=F("revisions") + 1, changed_at=at
        )
        open_occasions(trip=trip, by=by, at=at)
        record(action="classroom.trip_announced", by=by, at=at, obj=trip)


def open_occasions(*, trip: Trip, by: Person, at: datetime) -> None:
    """Attendance learns of each stop, and of every change of it."""
    for stop in trip.stops.select_related("site", "topic"):
        facts = {
            "class_key": trip.key,
            "title": stop.topic.title,
            "place": stop.site.name,
            "owner_unit": trip.host_unit,
            "starts_at": stop.starts_at,
            "ends_at": stop.ends_at,
        }
        kind, key = Occasion.Kind.CLASS, str(stop.key)
        open_occasion(kind=kind, source_key=key, facts=facts, by=by, at=at)


def cancel_occasions(*, trip: Trip, by: Person, at: datetime) -> None:
    """The trip does not take place: nobody is expected, nobody is absent."""
    for stop in trip.stops.all():
        kind, key = Occasion.Kind.CLASS, str(stop.key)
        if Occasion.objects.filter(kind=kind, source_key=key).exists():
            open_occasion(kind=kind, source_key=key, facts={"cancelled_at": at}, by=by, at=at)


def occasion_of(stop: Stop) -> Occasion:
    return Occasion.objects.get(kind=Occasion.Kind.CLASS, source_key=str(stop.key))


def sign_up(
    *, stops: Sequence[Stop], person: Person, at: datetime, by: Person | None = None
) -> list[SignUp]:
    """A seat, or a place in the queue, of each of these stops: all or none.

    `by` is who signs somebody else up. Raises NotAnnounced, SignUpOver, AlreadySignedUp, TimeTaken,
    NobodyServing.
    """
    with transaction.atomic():
        return [_sign_up(stop, person, by or person, at) for stop in stops]


def assign_seats(
    *, stop: Stop, persons: Sequence[Person], by: Person, at: datetime
) -> list[SignUp]:
    """A unit administrator gives seats to people: all get one, or none. Raises as `sign_up`, NoSeatToGive."""
    with transaction.atomic():
        rows = sorted(persons, key=lambda person: person.pk)
        made = [_sign_up(stop, person, by, at, via=SignUp.Via.ASSIGNED) for person in rows]
        if any(row.state == SignUp.State.WAITING for row in made):
            raise NoSeatToGive
    return made


def withdraw(*, sign_up: SignUp, by: Person, at: datetime) -> None:
    """Give the seat, or the place in the queue, back; the first who waits gets it.

    Harmless to repeat. Raises WithdrawalOver.
    """
    if at > sign_up.stop.trip.withdraw_until and sign_up.state == SignUp.State.HELD:
        raise WithdrawalOver
    with transaction.atomic():
        stop = Stop.objects.select_for_update().get(pk=sign_up.stop_id)
        row = SignUp.objects.select_for_update().get(pk=sign_up.pk)
        if row.state == SignUp.State.WITHDRAWN:
            return
        pool_id = row.pool_id
        row.state, row.pool, row.withdrawn_at = SignUp.State.WITHDRAWN, None, at
        row.save(update_fields=["state", "pool", "withdrawn_at"])
        record(action="classroom.withdrawn", by=by, at=at, obj=stop.trip, subject=row.person)
        if pool_id is not None:
            SeatPool.objects.filter(pk=pool_id).update(taken=F("taken") - 1)
            stop_expecting(occasion=occasion_of(stop), person=row.person, by=by, at=at)
        _promote(stop, at)


def give_up_stop(stop: Stop) -> None:
    """Take a stop nobody signed up for out of its trip. Raises StopTaken."""
    if SignUp.objects.filter(stop=stop).exists():
        raise StopTaken
    stop.pools.all().delete()
    stop.delete()


def release_due(*, at: datetime) -> int:
    """Stops where kept seats have opened to all since somebody queued: who waits gets them. How many."""
    due = Stop.objects.filter(
        pools__release_at__lte=at, pools__taken__lt=F("pools__seats"), starts_at__gt=at,
        sign_ups__state=SignUp.State.WAITING,
    )  # fmt: skip
    ids = list(due.distinct().values_list("pk", flat=True))
    for stop_id in ids:
        with transaction.atomic():
            _promote(Stop.objects.select_for_update().get(pk=stop_id), at)
    return len(ids)


def _sign_up(
    stop: Stop, person: Person, by: Person, at: datetime, via: str = SignUp.Via.SIGNED_UP
) -> SignUp:
    if not stop.trip.is_announced:
        raise NotAnnounced
    if at > stop.trip.sign_up_until or at >= stop.starts_at:
        raise SignUpOver
    posting = posting_on(person=person, on=local_date(stop.starts_at))
    if posting is None:
        raise NobodyServing
    _refuse_overlap(stop, person)
    pool = _take_seat(stop, posting, at)
    if pool is None:
        # Whoever gives a seat back holds this row: a seat that became free just now is not passed by.
        Stop.objects.select_for_update().get(pk=stop.pk)
        pool = _take_seat(stop, posting, at)
    try:
        with transaction.atomic():
            row = SignUp.objects.create(
                stop=stop, person=person, posting=posting, pool=pool, via=via,
                state=SignUp.State.HELD if pool else SignUp.State.WAITING,
                asked_at=at, asked_by=by,
            )  # fmt: skip
    except IntegrityError as error:
        raise AlreadySignedUp from error
    record(
        action="classroom.signed_up", by=by, at=at, obj=stop.trip, subject=person,
        detail={"state": str(row.state)},
    )  # fmt: skip
    if pool is not None:
        expect(occasion=occasion_of(stop), persons=[person], via=_via(via), by=by, at=at)
    return row


def _via(via: str) -> str:
    return Expected.Via.ASSIGNED if via == SignUp.Via.ASSIGNED else Expected.Via.SIGNED_UP


def _refuse_overlap(stop: Stop, person: Person) -> None:
    others = sign_ups_of(person).filter(stop__is_booked=True)
    if others.filter(stop=stop).exists():
        raise AlreadySignedUp
    if others.filter(stop__starts_at__lt=stop.ends_at, stop__ends_at__gt=stop.starts_at).exists():
        raise TimeTaken


def _take_seat(stop: Stop, posting: Posting, at: datetime) -> SeatPool | None:
    """The first pool that has one: the unit's own, then the open one, then those released.

    `UPDATE … WHERE taken < seats` waits for the row and looks again, so two never get one seat
    (security 22).
    """
    for pool in _pools_for(stop, posting, at):
        has_room = SeatPool.objects.filter(pk=pool.pk, taken__lt=F("seats"))
        if has_room.update(taken=F("taken") + 1):
            return pool
    return None


def _pools_for(stop: Stop, posting: Posting, at: datetime) -> list[SeatPool]:
    pools = stop.pools.filter(taken__lt=F("seats")).select_related("unit")
    path = posting.unit.path

    def rank(pool: SeatPool) -> int | None:
        if pool.unit is not None and path.startswith(pool.unit.path):
            return 0
        if pool.unit is None:
            return 1
        return 2 if pool.release_at is not None and pool.release_at <= at else None

    ranked = [(place, pool.pk, pool) for pool in pools if (place := rank(pool)) is not None]
    return [pool for _place, _pk, pool in sorted(ranked, key=lambda each: each[:2])]


def _promote(stop: Stop, at: datetime) -> None:
    """Whoever waits first and may have a free seat gets it; nobody once the lecture has begun.

    The caller holds the stop's row.
    """
    if at >= stop.starts_at:
        return
    waiting = SignUp.objects.filter(Q(stop=stop), state=SignUp.State.WAITING)
    for row in waiting.select_related("person", "posting__unit").order_by("asked_at", "pk"):
        pool = _take_seat(stop, row.posting, at)
        if pool is None:
            continue
        row.state, row.pool, row.promoted_at = SignUp.State.HELD, pool, at
        row.save(update_fields=["state", "pool", "promoted_at"])
        record(action="classroom.promoted", by=None, at=at, obj=stop.trip, subject=row.person)
        expect(occasion=occasion_of(stop), persons=[row.person], via=_via(row.via), by=None, at=at)
