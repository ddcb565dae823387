from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from courses.classroom.rules import (
    LEAST_MINUTES,
    UNKNOWN_MINUTES,
    Booking,
    Kind,
    clashes,
    distance_km,
    estimated_minutes,
    hurried_legs,
    nearest_free,
)

NINE = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")
SONGYANG, LISHUI = (28.4490, 119.4820), (28.4517, 119.9218)


def minutes(number):
    return timedelta(minutes=number)


def booking(start=0, length=60, kind=Kind.LECTURER, holder=1, site=1):
    begins = NINE + minutes(start)
    return Booking(kind, holder, begins, begins + minutes(length), site)


def twenty(_one, _other):
    return 20


def test_songyang_to_lishui_is_some_43_kilometres_of_air_and_a_hundred_minutes_of_road():
    assert distance_km(SONGYANG, LISHUI) == pytest.approx(43.0, abs=0.2)
    assert estimated_minutes(SONGYANG, LISHUI) == 105


def test_the_same_village_takes_ten_minutes_and_an_unknown_place_half_an_hour():
    assert estimated_minutes(SONGYANG, SONGYANG) == LEAST_MINUTES
    assert estimated_minutes(SONGYANG, None) == UNKNOWN_MINUTES


@pytest.mark.parametrize(
    ("other", "short"),
    [
        (booking(30), 0),  # half an hour in common
        (booking(-30, 31), 0),  # a minute in common
        (booking(10, 20), 0),  # inside
        (booking(60, site=2), 20),  # straight after, elsewhere
        (booking(75, site=2), 5),
        (booking(-70, 60, site=2), 10),  # before, elsewhere
    ],
)
def test_a_lecturer_clashes_by_time_and_by_road(other, short):
    [clash] = clashes([booking()], [other], twenty)
    assert clash.short_minutes == short


@pytest.mark.parametrize(
    "other",
    [
        booking(60),  # straight after at the same place
        booking(80, site=2),  # just in time
        booking(holder=2),
        booking(kind=Kind.SITE),
        booking(60, kind=Kind.SITE),
    ],
)
def test_what_does_not_clash(other):
    assert clashes([booking()], [other], twenty) == []


def test_a_site_needs_no_road():
    site = {"kind": Kind.SITE, "holder": 7}
    assert clashes([booking(**site)], [booking(60, **site)], twenty) == []


def test_what_is_wanted_clashes_with_itself():
    assert len(clashes([booking(), booking(30)], [], twenty)) == 1


def test_the_group_needs_the_road_between_two_stops_too():
    stops = [
        (NINE, NINE + minutes(60), 1),
        (NINE + minutes(75), NINE + minutes(120), 2),
        (NINE + minutes(120), NINE + minutes(180), 2),
    ]
    [leg] = hurried_legs(stops, twenty)
    assert (leg.earlier, leg.later, leg.needed_minutes, leg.free_minutes) == (0, 1, 20, 15)


def test_the_nearest_free_times_keep_to_the_working_day_and_to_what_is_taken():
    wanted = [booking(length=120)]
    taken = [booking(-60, 240)]  # 8:00–12:00
    free = nearest_free(wanted, taken, twenty, zone=SHANGHAI, after=NINE - minutes(120))
    local = [(start.astimezone(SHANGHAI).day, f"{start:%H:%M}") for start in free]
    # At the same place no road is needed, so noon is the first, then half an hour later each.
    assert local == [(26, "12:00"), (26, "12:30"), (26, "13:00")]


def test_nothing_is_offered_before_now_or_into_the_evening():
    wanted = [booking(length=120)]
    free = nearest_free(wanted, [], twenty, zone=SHANGHAI, after=NINE + minutes(7 * 60), most=2)
    assert [f"{start.astimezone(SHANGHAI):%d %H:%M}" for start in free] == ["26 16:00", "27 08:00"]
