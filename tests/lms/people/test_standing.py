from datetime import date

import pytest

from lms.people.models import Posting
from lms.people.roles import Permission, Role
from lms.people.selectors import has_permission, posting_on, units_visible_to
from lms.people.services import add_person, start_posting
from lms.people.standing import person_with_standing, standing_known
from tests import world

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 20)


def served(*days: date) -> int:
    """Somebody whose postings begin on these days, in a unit of its own each."""
    person = add_person(staff_number=f"ST{len(days)}{days[0]:%Y%m%d}", name="钟雷")
    for number, day in enumerate(sorted(days)):
        unit = world.town(name=f"第{number}镇", code=f"33112410{number}")
        start_posting(person=person, unit=unit, title="干部", post_level="staff", from_date=day)
    return person.pk


@pytest.mark.parametrize(
    "days",
    [
        (date(2020, 1, 1),),
        (date(2020, 1, 1), date(2026, 11, 20)),
        (date(2020, 1, 1), date(2026, 11, 21)),
        (date(2026, 12, 1), date(2027, 1, 1)),
    ],
    ids=["one", "changed today", "changes tomorrow", "not begun yet"],
)
def test_the_posting_read_along_is_the_one_the_selector_finds(days):
    pk = served(*days)

    person = person_with_standing(person_id=pk, on=TODAY)

    found = posting_on(person=Posting.objects.filter(person=pk).first().person, on=TODAY)
    assert person.standing.posting == found
    assert person.standing.posting.unit == found.unit
    assert person.standing.posting.person is person


def test_grants_in_force_that_day_are_read_along():
    person = world.holder(Role.ARCHIVIST)
    person.role_grants.create(
        role=Role.PUBLISHER,
        unit=world.town(),
        from_date=TODAY,
        to_date=TODAY,
        granted_at=world.NOON,
    )

    today = person_with_standing(person_id=person.pk, on=TODAY)
    tomorrow = person_with_standing(person_id=person.pk, on=date(2026, 11, 21))

    assert {role for role, _path in today.standing.grants} == {Role.ARCHIVIST, Role.PUBLISHER}
    assert today.standing.grants[0][1].endswith("331124/")
    assert {role for role, _path in tomorrow.standing.grants} == {Role.ARCHIVIST}


def test_what_was_read_along_answers_without_another_query(django_assert_num_queries):
    pk = world.holder(Role.ARCHIVIST).pk
    person = person_with_standing(person_id=pk, on=TODAY)

    with django_assert_num_queries(0):
        assert has_permission(person=person, permission=Permission.SEAL_PACKAGES, on=TODAY)
        assert not has_permission(person=person, permission=Permission.READ_JOURNAL, on=TODAY)
        assert posting_on(person=person, on=TODAY) == person.standing.posting
    with django_assert_num_queries(1):
        units = units_visible_to(person=person, permission=Permission.SEAL_PACKAGES, on=TODAY)
        assert units[0].code == "331124"


def test_another_day_is_read_anew():
    person = person_with_standing(person_id=world.learner().pk, on=TODAY)

    assert standing_known(person, TODAY) is person.standing
    assert standing_known(person, date(2026, 11, 21)) is None


def test_somebody_without_posting_and_grants_has_neither():
    person = person_with_standing(person_id=add_person(staff_number="N1", name="新人").pk, on=TODAY)

    assert (person.standing.posting, person.standing.grants) == (None, ())


def test_nobody_has_no_standing():
    assert person_with_standing(person_id=0, on=TODAY) is None
