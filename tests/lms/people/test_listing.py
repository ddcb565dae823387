"""Where many people serve, read at once: the same as for one of them."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lms.people.directory import postings_of
from lms.people.listing import places_of
from lms.people.services import add_person, start_posting
from tests import world

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


def post(person, unit, since):
    return start_posting(
        person=person,
        unit=unit,
        title="干部",
        post_level="staff",
        from_date=since,
        rank="四级主任科员",
    )


def test_places_are_those_a_page_shows_for_the_same_people():
    moved, ahead = world.learner(), add_person(staff_number="A1", name="将到")
    none = add_person(staff_number="N1", name="无职")
    post(moved, world.town("玉岩镇", "331124105"), date(2026, 3, 1))
    post(moved, world.town("古市镇", "331124102"), date(2027, 1, 1))
    post(ahead, world.town(), date(2027, 2, 1))
    post(ahead, world.county(), date(2027, 5, 1))
    people = [moved, ahead, none]

    places = places_of([person.pk for person in people], on=TODAY)

    shown = postings_of(people, on=TODAY)
    assert {pk: place and place.unit.name for pk, place in places.items()} == {
        pk: posting and posting.unit.name for pk, posting in shown.items()
    }
    assert places[moved.pk].unit.name == "玉岩镇"
    assert places[moved.pk][2:] == ("staff", "干部", "四级主任科员")
    assert places[none.pk] is None


def test_two_queries_serve_however_many_people():
    people = [world.learner().pk for _ in range(5)]

    with CaptureQueriesContext(connection) as queries:
        places_of(people, on=TODAY)

    assert len(queries) == 2
