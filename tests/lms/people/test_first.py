"""The first security administrator of an empty installation, by the command."""

import json

import pytest
from django.core.management import CommandError, call_command

from lms.journal.models import JournalEntry
from lms.people.models import Person, RoleGrant
from tests import world

pytestmark = pytest.mark.django_db


def run(*arguments, **options):
    return call_command("first_administrator", *arguments, **options)


def refused(*arguments, **options) -> CommandError:
    with pytest.raises(CommandError) as error:
        run(*arguments, **options)
    assert error.value.returncode == 1
    return error.value


def test_on_an_empty_installation_it_makes_the_one_who_gives_all_other_roles(capsys):
    county = world.county()

    run("SY000001", unit="331124", name="徐明", as_json=True)

    assert json.loads(capsys.readouterr().out) == {"staff_number": "SY000001", "unit": "331124"}
    grant = RoleGrant.objects.get()
    assert (grant.role, grant.unit, grant.granted_by) == ("security_admin", county, None)
    assert grant.person.postings.get().unit == county
    assert JournalEntry.objects.get(action="people.role_granted").actor is None


def test_somebody_already_on_the_roster_keeps_their_posting(capsys):
    person = world.learner()

    run(person.staff_number, unit="331124")

    assert person.postings.count() == 1
    assert "manage.py changepassword" in capsys.readouterr().out


def test_it_works_only_while_there_is_no_security_administrator(capsys):
    world.holder("security_admin")

    error = refused("SY000001", unit="331124", name="又一个", as_json=True)

    assert "已经有安全管理员了" in str(error)
    assert json.loads(capsys.readouterr().out)["code"] == "security_administrator_exists"
    assert not Person.objects.filter(staff_number="SY000001").exists()
    row = JournalEntry.objects.get(action="people.first_administrator")
    assert (row.outcome, row.code) == ("refused", "security_administrator_exists")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"unit": "999", "name": "徐明"}, "没有这个单位编码"),
        ({"unit": "331124"}, "没有这个人员编号"),
    ],
)
def test_what_it_cannot_find_it_says(arguments, sentence):
    world.county()

    assert sentence in str(refused("SY000001", **arguments))
    assert not Person.objects.exists()
