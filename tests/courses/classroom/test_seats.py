from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction

from courses.classroom.models import SeatPool, SignUp
from courses.classroom.planning import cancel_trip
from courses.classroom.seats import (
    AlreadySignedUp,
    NoSeatToGive,
    NotAnnounced,
    PoolPlan,
    SeatsBeyondSite,
    SeatsTaken,
    SignUpOver,
    TimeTaken,
    WithdrawalOver,
    assign_seats,
    release_due,
    set_pools,
    sign_up,
    withdraw,
)
from courses.classroom.selectors import sign_ups_of
from lms.attendance.models import Expected
from lms.journal.models import JournalEntry
from tests import classrooms, world
from tests.classrooms import BEFORE, MORNING, first_stop, minutes, stop_plan

pytestmark = pytest.mark.django_db
LATER = BEFORE + timedelta(hours=1)


@pytest.fixture
def manager():
    return world.holder("class_manager")


def stop_with(*pools: PoolPlan):
    return first_stop(classrooms.announced(pools=pools))


def ask(stop, person, at=BEFORE):
    [row] = sign_up(stops=[stop], person=person, at=at)
    return row


def people_ahead(row):
    return sign_ups_of(row.person).get().ahead


def expected(stop):
    rows = Expected.objects.filter(occasion__source_key=str(stop.key), withdrawn_at=None)
    return set(rows.values_list("person", flat=True))


def test_a_seat_is_held_under_the_posting_of_the_day_and_the_person_expected():
    stop, wu = stop_with(), world.learner()
    row = ask(stop, wu)

    assert (row.state, row.posting) == ("held", wu.postings.get())
    assert SeatPool.objects.get().taken == 1
    assert expected(stop) == {wu.pk}
    assert JournalEntry.objects.get(action="classroom.signed_up").subject == wu


def test_several_stops_are_signed_up_for_together_or_not_at_all():
    trip = classrooms.announced(stop_plan(), stop_plan(MORNING + minutes(180)))
    wu = world.learner()
    first, second = trip.stops.select_related("trip", "site")
    ask(second, wu)
    with pytest.raises(AlreadySignedUp):
        sign_up(stops=[first, second], person=wu, at=BEFORE)
    assert SignUp.objects.count() == 1


def test_kept_seats_go_to_the_units_people_until_they_are_released():
    fengping = world.town("枫坪乡", "331124205")
    stop = stop_with(PoolPlan(None, 1), PoolPlan(fengping, 1, release_at=LATER))
    near, far = world.learner("近处的"), world.learner("枫坪的", unit=fengping)
    assert ask(stop, near).pool.unit is None
    assert ask(stop, world.learner("再来的")).state == "waiting"
    assert ask(stop, far).pool.unit == fengping


def test_whoever_waits_gets_a_kept_seat_on_the_day_it_is_released():
    stop = stop_with(PoolPlan(None, 1), PoolPlan(world.town("枫坪乡", "331124205"), 1, LATER))
    ask(stop, world.learner())
    first, second = ask(stop, world.learner()), ask(stop, world.learner())
    assert (people_ahead(first), people_ahead(second)) == (0, 1)
    assert release_due(at=BEFORE) == 0

    assert release_due(at=LATER) == 1
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.promoted_at, second.state) == ("held", LATER, "waiting")
    assert people_ahead(second) == 0
    assert release_due(at=LATER) == 0


def test_a_seat_given_back_goes_to_the_first_who_waits_and_may_have_it():
    fengping = world.town("枫坪乡", "331124205")
    stop = stop_with(PoolPlan(None, 1), PoolPlan(fengping, 1))
    ask(stop, world.learner())
    far = ask(stop, world.learner("枫坪的", unit=fengping))
    outside, inside = ask(stop, world.learner()), ask(stop, world.learner("同乡", unit=fengping))

    withdraw(sign_up=far, by=far.person, at=LATER)

    outside.refresh_from_db()
    inside.refresh_from_db()
    assert (outside.state, inside.state) == ("waiting", "held")
    assert far.person_id not in expected(stop)
    assert inside.person_id in expected(stop)


def test_nobody_is_promoted_once_it_has_begun(manager):
    trip = classrooms.announced(
        pools=[PoolPlan(None, 1)], withdraw_until=MORNING + timedelta(days=1)
    )
    stop = first_stop(trip)
    held = ask(stop, world.learner())
    waiting = ask(stop, world.learner())
    withdraw(sign_up=held, by=held.person, at=MORNING)

    waiting.refresh_from_db()
    assert waiting.state == "waiting"


def test_a_withdrawn_person_may_sign_up_again_and_withdrawing_twice_changes_nothing():
    stop, wu = stop_with(), world.learner()
    row = ask(stop, wu)
    withdraw(sign_up=row, by=wu, at=LATER)
    withdraw(sign_up=row, by=wu, at=LATER)
    assert SeatPool.objects.get().taken == 0

    assert ask(stop, wu).state == "held"
    assert expected(stop) == {wu.pk}


def test_refusals_say_what_to_do(manager):
    stop, wu = stop_with(), world.learner()
    row = ask(stop, wu)
    with pytest.raises(AlreadySignedUp, match="已经报了这一站"):
        ask(stop, wu)
    with pytest.raises(SignUpOver, match="联系班级管理员"):
        ask(stop, world.learner(), at=stop.trip.sign_up_until + minutes(1))
    with pytest.raises(WithdrawalOver, match="请假"):
        withdraw(sign_up=row, by=wu, at=stop.trip.withdraw_until + minutes(1))

    same_time = first_stop(classrooms.announced())
    with pytest.raises(TimeTaken, match="先退掉"):
        ask(same_time, wu)
    cancel_trip(trip=stop.trip, reason="台风", by=manager, at=BEFORE)
    assert ask(same_time, wu).state == "held"
    stop.trip.refresh_from_db()
    with pytest.raises(NotAnnounced):
        ask(stop, world.learner())


def test_seats_are_not_set_beyond_the_site_nor_below_those_taken(manager):
    stop = stop_with()
    with pytest.raises(SeatsBeyondSite):
        set_pools(stop=stop, pools=[PoolPlan(None, 41)], by=manager, at=BEFORE)
    ask(stop, world.learner())
    ask(stop, world.learner())
    for pools in ([PoolPlan(None, 1)], [PoolPlan(world.town(), 5)]):
        with pytest.raises(SeatsTaken):
            set_pools(stop=stop, pools=pools, by=manager, at=BEFORE)
    assert SeatPool.objects.get().seats == 40


def test_more_seats_go_to_those_who_wait(manager):
    stop = stop_with(PoolPlan(None, 1))
    ask(stop, world.learner())
    waiting = ask(stop, world.learner())
    set_pools(stop=stop, pools=[PoolPlan(None, 2)], by=manager, at=LATER)

    waiting.refresh_from_db()
    assert waiting.state == "held"


def test_a_unit_assigns_seats_to_all_or_to_none():
    stop = stop_with(PoolPlan(None, 2))
    admin = world.holder("unit_admin")
    people = [world.learner() for _ in range(3)]
    with pytest.raises(NoSeatToGive):
        assign_seats(stop=stop, persons=people, by=admin, at=BEFORE)
    assert not SignUp.objects.exists()
    assert SeatPool.objects.get().taken == 0

    assign_seats(stop=stop, persons=people[:2], by=admin, at=BEFORE)
    assert {row.via for row in SignUp.objects.all()} == {"assigned"}
    assert {row.via for row in Expected.objects.all()} == {"assigned"}


def test_the_database_holds_the_capacity_by_itself():
    stop_with(PoolPlan(None, 1))
    with pytest.raises(IntegrityError, match="seat_pool_never_overfull"), transaction.atomic():
        SeatPool.objects.update(taken=2)


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_for_three_seats_are_three_and_a_queue_of_seventeen():
    stop = stop_with(PoolPlan(None, 3))
    people, barrier = [world.learner() for _ in range(20)], Barrier(20)

    def go(person):
        barrier.wait()
        try:
            ask(stop, person)
        finally:
            connection.close()

    threads = [Thread(target=go, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    states = list(SignUp.objects.values_list("state", flat=True))
    assert (states.count("held"), states.count("waiting")) == (3, 17)
    assert SeatPool.objects.get().taken == 3
    assert len(expected(stop)) == 3


@pytest.mark.django_db(transaction=True)
def test_one_person_from_two_tabs_takes_one_seat():
    stop, wu, barrier, codes = stop_with(), world.learner(), Barrier(2), []

    def go():
        barrier.wait()
        try:
            ask(stop, wu)
        except AlreadySignedUp as refusal:
            codes.append(refusal.code)
        finally:
            connection.close()

    threads = [Thread(target=go) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert codes == ["already_signed_up"]
    assert SeatPool.objects.get().taken == 1
