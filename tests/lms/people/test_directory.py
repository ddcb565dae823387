"""Finding people: inside one's units, by name, initials or number, in a fixed number of queries."""

from datetime import date

import pytest
from django.db import connection

from lms.people.directory import Wanted, people_found, rows_of
from lms.people.models import Person, Posting
from lms.people.services import add_person, add_unit, start_posting
from tests import world

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


@pytest.fixture
def admin():
    return world.holder("unit_admin", unit=world.county())


def neighbour():
    return add_unit(code="331122", name="缙云县", level="county", parent=world.county().parent)


def found(by, **wanted) -> set[str]:
    return {p.name for p in people_found(by=by, on=TODAY, wanted=Wanted(**wanted))}


def test_only_people_of_ones_units_are_found(admin):
    world.learner("吴晓芸")
    world.learner("欧阳外县", unit=neighbour())

    assert found(admin) == {"吴晓芸", admin.name}
    assert found(admin, words="欧阳") == set()


def test_a_unit_outside_ones_own_finds_nobody(admin):
    world.learner("欧阳外县", unit=neighbour())

    assert found(admin, unit=neighbour()) == set()


@pytest.mark.parametrize("words", ["吴晓芸", "晓芸", "芸", "wxy", "WX", "SY9"])
def test_a_person_is_found_by_part_of_the_name_initials_and_number(admin, words):
    person = world.learner("吴晓芸")
    Person.objects.filter(pk=person.pk).update(staff_number="SY900001")
    world.learner("叶文静")

    assert found(admin, words=words) == {"吴晓芸"}


@pytest.mark.parametrize("words", ["芸晓", "x_y", "%", "SY90_001", "吴%芸", "\\"])
def test_signs_of_patterns_are_searched_as_they_are(admin, words):
    person = world.learner("吴晓芸")
    Person.objects.filter(pk=person.pk).update(staff_number="SY900001")

    assert found(admin, words=words) == set()


def test_a_unit_means_it_and_all_below_it(admin):
    world.learner("吴晓芸", unit=world.town())
    world.learner("叶文静", unit=world.county())

    assert found(admin, unit=world.county()) >= {"吴晓芸", "叶文静"}
    assert found(admin, unit=world.town()) == {"吴晓芸", admin.name}


def test_people_are_found_by_post_level_and_state(admin):
    chief, idle, gone = (world.learner(name) for name in ("县处级的", "停用的", "离任的"))
    chief.postings.update(post_level="county_level")
    idle.is_active = False
    idle.save()
    gone.postings.update(to_date=date(2025, 12, 31))
    Person.objects.filter(pk=chief.pk).update(last_login=world.NOON)

    assert found(admin, level="county_level") == {"县处级的"}
    assert found(admin, state="suspended") == {"停用的"}
    assert found(admin, state="none") == {"离任的"}
    assert found(admin, state="none", unit=world.town()) == {"离任的"}
    assert found(admin, state="never") == {"停用的", admin.name}
    assert "离任的" not in found(admin)


def test_whoever_moved_away_is_found_where_they_serve_now():
    old, new = world.holder("unit_admin"), world.holder("unit_admin", unit=neighbour())
    person = world.learner("吴晓芸")
    start_posting(
        person=person, unit=neighbour(), title="副镇长", post_level="staff",
        from_date=date(2026, 11, 1),
    )  # fmt: skip

    assert "吴晓芸" not in found(old)
    assert "吴晓芸" in found(new)


def test_somebody_who_never_had_a_posting_is_found_from_the_top_only(admin):
    add_person(staff_number="SY000000", name="无任职")

    top = world.holder("system_admin", unit=world.county().parent.parent)

    assert found(admin, state="none") == set()
    assert found(top, state="none") == {"无任职"}


def test_a_row_shows_the_posting_of_today(admin):
    person = world.learner("吴晓芸")
    start_posting(
        person=person, unit=world.town("玉岩镇", "331124105"), title="副镇长",
        post_level="township_level", from_date=date(2026, 12, 1),
    )  # fmt: skip

    (row,) = rows_of([person], on=TODAY)
    (later,) = rows_of([person], on=date(2026, 12, 1))

    assert row.posting.unit.name == "大东坝镇"
    assert later.posting.unit.name == "玉岩镇"


@pytest.fixture
def crowd(admin):
    """Many people in the town; among few, rows are read whole whatever indexes there are."""
    people = Person.objects.bulk_create(
        Person(staff_number=f"ZZ{n:06}", name=f"某{n}", pinyin_initials="zzz") for n in range(3000)
    )
    town = world.town()
    Posting.objects.bulk_create(
        Posting(person=p, unit=town, post_level="staff", from_date=TODAY) for p in people
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE people_person, people_posting, people_unit")
        cursor.execute("SELECT gin_clean_pending_list('person_name_letters')")  # as autovacuum does
        # Reading three thousand rows whole is cheap; eighty thousand are not.
        cursor.execute("SET LOCAL enable_seqscan = off")


@pytest.mark.parametrize(
    ("words", "index"),
    [("晓芸", "person_name_letters"), ("wxy", "pinyin"), ("SY9", "person_number_prefix")],
)
def test_search_is_answered_by_an_index(admin, crowd, words, index):
    plan = people_found(by=admin, on=TODAY, wanted=Wanted(words=words)).order_by().explain()

    assert index in plan, plan


def test_the_first_page_walks_the_order_of_the_list_and_sorts_nothing(admin, crowd):
    plan = people_found(by=admin, on=TODAY, wanted=Wanted())[:25].explain()

    assert "person_by_pinyin" in plan, plan
