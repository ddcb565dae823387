from datetime import datetime

import pytest

from config.demo.seeding.access import seed_access
from config.demo.seeding.people import TOWN_ADMINISTERED, seed_accounts, seed_cadres
from config.demo.seeding.places import seed_units
from lms.common.clock import local_date
from lms.people.directory import Wanted, people_found
from lms.people.models import Person, RoleGrant

pytestmark = pytest.mark.django_db
AT = datetime.fromisoformat("2026-11-20T09:30:00+08:00")


@pytest.fixture
def accounts():
    units = seed_units()
    people = seed_accounts(units=units, password="x", at=AT)
    cadres = seed_cadres(units=units, count=187, at=AT)
    for _again in range(2):
        seed_access(cadres=cadres, accounts=people, units=units, at=AT)
    assert units[TOWN_ADMINISTERED]
    return people


def count(by: Person, **wanted) -> int:
    return people_found(by=by, on=local_date(AT), wanted=Wanted(**wanted)).count()


def test_administrators_of_a_town_and_of_the_county_have_lists_worth_filtering(accounts):
    assert 15 <= count(accounts["unit_admin"]) <= 30
    assert count(accounts["331124A02001"]) > 150
    assert count(accounts["331124A02001"], state="suspended") == 1
    assert count(accounts["331124A02001"], state="never") > 20


def test_some_roles_end_some_are_over_and_one_is_to_begin(accounts):
    today = local_date(AT)

    assert RoleGrant.objects.filter(to_date__gte=today).count() == 4
    assert RoleGrant.objects.filter(to_date__lt=today).count() == 1
    assert RoleGrant.objects.filter(from_date__gt=today).count() == 1
