from datetime import timedelta
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction

from courses.classroom.models import Stop, TravelTime, Trip
from courses.classroom.planning import (
    BookedTwice,
    ChangedMeanwhile,
    NoStops,
    RoadTooShort,
    StopOutsideTrip,
    StopPlan,
    TripOver,
    cancel_trip,
    change_trip,
    plan_trip,
)
from courses.classroom.seats import StopTaken, sign_up
from lms.attendance.models import Occasion
from lms.journal.models import JournalEntry
from tests import classrooms, world
from tests.classrooms import BEFORE, MORNING, first_stop, minutes, stop_plan, trip_plan

SHANGHAI = ZoneInfo("Asia/Shanghai")
pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return world.holder("class_manager")


def as_planned(stop: Stop, **changes) -> StopPlan:
    facts = {
        name: getattr(stop, name)
        for name in ("site", "topic", "lecturer", "starts_at", "ends_at", "hours", "key")
    }
    return StopPlan(**facts | changes)


def test_a_trip_is_planned_with_its_stops_and_a_number(manager):
    trip = classrooms.planned(stop_plan(), stop_plan(MORNING + minutes(180)), by=manager)

    assert [stop.is_booked for stop in trip.stops.all()] == [True, True]
    assert trip.number == f"2026-{trip.pk:03d}"
    assert JournalEntry.objects.get(action="classroom.trip_planned").actor == manager


@pytest.mark.parametrize(
    ("what", "says", "free"),
    [("lecturer", "周丽娟", "11:30"), ("site", "大东坝镇石仓古民居", "11:00")],
)
def test_nobody_and_nothing_is_booked_twice(manager, what, says, free):
    first = stop_plan()
    classrooms.planned(first, title="第一次行程")
    with pytest.raises(BookedTwice) as refused:
        classrooms.planned(stop_plan(MORNING + minutes(30), **{what: getattr(first, what)}))

    [collision] = refused.value.collisions
    assert says in collision.sentence
    assert "《第一次行程》" in collision.sentence
    assert "11月26日 09:10–10:40" in collision.sentence
    # The nearest half hour that is free; the lecturer needs half an hour for the road.
    assert f"{collision.free[0].astimezone(SHANGHAI):%H:%M}" == free
    assert refused.value.as_json()["code"] == "booked_twice"
    assert Trip.objects.count() == 1


def test_a_vehicle_is_booked_once(manager):
    bus = classrooms.vehicle()
    classrooms.planned(vehicle=bus, title="第一次行程")
    with pytest.raises(BookedTwice) as refused:
        classrooms.planned(vehicle=bus)

    [collision] = refused.value.collisions
    assert collision.stop is None
    assert collision.sentence.startswith("1 号车 11月26日 08:20–18:20 已派给《第一次行程》")


def test_the_lecturer_needs_the_road_from_the_other_trip(manager):
    who = classrooms.lecturer()
    here, there = classrooms.site(), classrooms.site("玉岩镇文化礼堂")
    TravelTime.objects.create(one=here, other=there, minutes=55)
    classrooms.planned(stop_plan(lecturer=who, site=here))
    late = MORNING + minutes(90 + 40)
    with pytest.raises(BookedTwice) as refused:
        classrooms.planned(stop_plan(late, lecturer=who, site=there))
    assert "赶过来还差 15 分钟" in refused.value.collisions[0].sentence

    classrooms.planned(stop_plan(late + minutes(15), lecturer=who, site=there))


def test_the_group_needs_the_road_between_its_own_stops(manager):
    here, there = classrooms.site(), classrooms.site("玉岩镇文化礼堂")
    with pytest.raises(RoadTooShort) as refused:
        classrooms.planned(
            stop_plan(site=here), stop_plan(MORNING + minutes(100), site=there), by=manager
        )
    [leg] = refused.value.legs
    assert (leg.needed_minutes, leg.free_minutes) == (30, 10)


def test_a_plan_without_stops_and_one_that_leaves_the_day_are_refused(manager):
    with pytest.raises(NoStops):
        plan_trip(plan=trip_plan(), by=manager, at=BEFORE)
    with pytest.raises(StopOutsideTrip):
        classrooms.planned(stop_plan(length=minutes(700)), by=manager)
    assert not Trip.objects.exists()


@pytest.mark.parametrize("field", ["lecturer", "site"])
def test_the_database_itself_refuses_a_second_booking(manager, field):
    first = first_stop(classrooms.planned(by=manager))
    facts = {
        "trip": first.trip, "site": classrooms.site(), "lecturer": classrooms.lecturer(),
        "topic": first.topic, "hours": 1, "starts_at": first.starts_at + minutes(10),
        "ends_at": first.ends_at,
    }  # fmt: skip
    with pytest.raises(IntegrityError, match=f"stop_{field}_once"), transaction.atomic():
        Stop.objects.create(**facts | {field: getattr(first, field)})


def test_a_trip_is_changed_and_its_stops_may_swap_their_times(manager):
    who = classrooms.lecturer()
    here = classrooms.site()
    trip = classrooms.planned(
        stop_plan(lecturer=who, site=here),
        stop_plan(MORNING + minutes(120), lecturer=who, site=here), by=manager,
    )  # fmt: skip
    first, second = trip.stops.all()
    swapped = [
        as_planned(first, starts_at=second.starts_at, ends_at=second.ends_at),
        as_planned(second, starts_at=first.starts_at, ends_at=first.ends_at),
    ]
    change_trip(
        trip=trip,
        plan=trip_plan(*swapped, title="换了顺序"),
        seen_revision=0,
        by=manager,
        at=BEFORE,
    )

    assert [stop.key for stop in trip.stops.order_by("starts_at")] == [second.key, first.key]
    trip.refresh_from_db()
    assert (trip.title, trip.revisions) == ("换了顺序", 1)


def test_two_who_change_a_trip_do_not_overwrite_each_other(manager):
    trip = classrooms.planned(by=manager)
    plan = trip_plan(as_planned(first_stop(trip)), title="第一个人改的")
    change_trip(trip=trip, plan=plan, seen_revision=0, by=manager, at=BEFORE)
    with pytest.raises(ChangedMeanwhile):
        change_trip(trip=trip, plan=plan, seen_revision=0, by=manager, at=BEFORE)


def test_an_announced_trip_tells_attendance_when_it_moves(manager):
    trip = classrooms.announced()
    stop = first_stop(trip)
    later = as_planned(
        stop, starts_at=stop.starts_at + minutes(60), ends_at=stop.ends_at + minutes(60)
    )
    change_trip(trip=trip, plan=trip_plan(later), seen_revision=1, by=manager, at=BEFORE)

    assert Occasion.objects.get(source_key=str(stop.key)).starts_at == MORNING + minutes(60)


def test_a_stop_somebody_signed_up_for_is_not_dropped(manager):
    trip = classrooms.announced()
    stop = first_stop(trip)
    sign_up(stops=[stop], person=world.learner(), at=BEFORE)
    plan = trip_plan(stop_plan(MORNING + minutes(300)))
    with pytest.raises(StopTaken), transaction.atomic():
        change_trip(trip=trip, plan=plan, seen_revision=1, by=manager, at=BEFORE)
    assert list(trip.stops.all()) == [stop]


def test_a_cancelled_trip_frees_everything_and_is_not_changed_again(manager):
    trip = classrooms.announced(vehicle=(bus := classrooms.vehicle()))
    stop = first_stop(trip)
    cancel_trip(trip=trip, reason="台风蓝色预警", by=manager, at=BEFORE)

    again = classrooms.planned(stop_plan(lecturer=stop.lecturer, site=stop.site), vehicle=bus)
    assert again.pk != trip.pk
    assert Occasion.objects.get(source_key=str(stop.key)).cancelled_at == BEFORE
    with pytest.raises(TripOver):
        cancel_trip(trip=trip, reason="再来一次", by=manager, at=BEFORE)
    with pytest.raises(TripOver):
        change_trip(trip=trip, plan=trip_plan(stop_plan()), seen_revision=2, by=manager, at=BEFORE)


def test_a_trip_that_is_over_is_not_changed(manager):
    trip = classrooms.planned(by=manager)
    with pytest.raises(TripOver):
        cancel_trip(trip=trip, reason="太晚", by=manager, at=MORNING + timedelta(days=1))


@pytest.mark.django_db(transaction=True)
def test_of_two_planners_at_once_one_gets_the_lecturer(manager):
    who, barrier, outcomes = classrooms.lecturer(), Barrier(2), []
    plans = [
        trip_plan(stop_plan(lecturer=who), title=f"行程 {number}", vehicle=None)
        for number in range(2)
    ]

    def plan(one):
        barrier.wait()
        try:
            plan_trip(plan=one, by=manager, at=BEFORE)
            outcomes.append("planned")
        except BookedTwice as refusal:
            outcomes.append(len(refusal.collisions))
        finally:
            connection.close()

    threads = [Thread(target=plan, args=(one,)) for one in plans]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes, key=str) == [1, "planned"]
    assert Stop.objects.count() == 1
