"""Wagtail's groups are what the grants in force make them."""

from datetime import date

import pytest
from django.contrib.auth.models import Group, Permission

from lms.people.granting import grant_role
from lms.people.groups import STAFF_GROUPS, sync_all_groups, sync_groups
from lms.people.models import RoleGrant
from lms.people.revoking import revoke_role
from lms.people.roles import PERMISSIONS, Role
from lms.people.tasks import sync_groups_by_date
from tests import world

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


def groups(person) -> set[str]:
    return set(person.groups.values_list("name", flat=True))


@pytest.mark.parametrize("role", Role.values)
def test_a_role_puts_its_holder_into_the_groups_of_its_permissions(role):
    wanted = {STAFF_GROUPS[p] for p in PERMISSIONS.get(role, ()) if p in STAFF_GROUPS}

    assert groups(world.holder(role)) == wanted


def test_a_revoked_role_takes_its_holder_out_of_its_groups():
    security, person = world.holder("security_admin"), world.holder("publisher")

    revoke_role(grant=person.role_grants.get(), by=security, at=world.NOON)

    assert groups(person) == set()


def test_groups_two_roles_share_stay_while_one_of_them_stays():
    security, person = world.holder("security_admin"), world.holder("publisher")
    grant_role(
        person=person, role="course_reviewer", unit=world.town(), from_date=TODAY, by=security,
        at=world.NOON,
    )  # fmt: skip

    grant = person.role_grants.get(role="publisher")
    revoke_role(grant=grant, by=security, at=world.NOON)

    assert groups(person) == {"课程制作"}


def test_a_role_of_the_future_opens_nothing_until_its_day():
    security, person = world.holder("security_admin"), world.learner()
    grant_role(
        person=person, role="publisher", unit=world.county(), from_date=date(2026, 11, 21),
        to_date=date(2026, 11, 30), by=security, at=world.NOON,
    )  # fmt: skip

    seen = {}
    for day in (20, 21, 30):
        sync_all_groups(on=date(2026, 11, day))
        seen[day] = bool(groups(person))
    sync_all_groups(on=date(2026, 12, 1))

    assert seen == {20: False, 21: True, 30: True}
    assert groups(person) == set()


def test_whoever_was_put_into_a_group_by_hand_is_put_out_again():
    person = world.learner()
    person.groups.add(Group.objects.create(name="手加的"))
    person.user_permissions.add(Permission.objects.get(codename="access_admin"))

    assert sync_all_groups(on=TODAY) == 1

    assert groups(person) == set()
    assert not person.user_permissions.exists()


def test_groups_in_step_are_left_alone():
    person = world.holder("publisher")

    assert sync_groups(person=person, on=TODAY) is False
    assert sync_all_groups(on=TODAY) == 0


def test_the_schedule_takes_out_whose_grant_has_ended():
    person = world.holder("publisher")
    RoleGrant.objects.filter(person=person).update(to_date=date(2020, 1, 2))

    assert sync_groups_by_date() == 1
    assert groups(person) == set()
