"""Suspending and reopening accounts."""

import pytest

from lms.journal.models import JournalEntry
from lms.people.revoking import LastAdministrator
from lms.people.services import add_unit
from lms.people.suspending import AccountRefused, reactivate_account, suspend_account
from tests import world

pytestmark = pytest.mark.django_db
REASON = "借用期满，交回账号"


def suspend(by, person, reason=REASON):
    suspend_account(person=person, by=by, at=world.NOON, reason=reason)


def refused(by, person, kind=AccountRefused, reason=REASON):
    with pytest.raises(kind) as refusal:
        suspend(by, person, reason)
    person.refresh_from_db()
    assert person.is_active
    row = JournalEntry.objects.get(action="people.account_suspended")
    assert (row.outcome, row.code, row.actor) == ("refused", refusal.value.code, by)
    return refusal.value.code


def test_a_suspended_account_is_out_at_once_and_comes_back_without_its_old_session(client):
    security, person = world.holder("security_admin"), world.learner()
    client.force_login(person)

    suspend(security, person)

    assert client.get("/record/").status_code == 302
    reactivate_account(person=person, by=security, at=world.NOON, reason="续借")
    assert client.get("/record/").status_code == 302
    rows = JournalEntry.objects.filter(action__startswith="people.account_").order_by("pk")
    assert [(row.action, row.reason) for row in rows] == [
        ("people.account_suspended", REASON),
        ("people.account_reopened", "续借"),
    ]


def test_an_account_of_another_county_is_not_ones_to_suspend():
    other = add_unit(code="331122", name="缙云县", level="county", parent=world.county().parent)

    assert refused(world.holder("security_admin"), world.learner(unit=other)) == (
        "account_out_of_scope"
    )


@pytest.mark.parametrize("role", ["unit_admin", "system_admin", "audit_admin", "learner"])
def test_only_a_security_administrator_suspends(role):
    assert refused(world.holder(role), world.learner()) == "account_out_of_scope"


def test_nobody_suspends_themselves():
    admin = world.holder("security_admin")

    assert refused(admin, admin) == "own_account"


def test_a_reason_is_asked_for():
    assert refused(world.holder("security_admin"), world.learner(), reason="  ") == "reason_missing"


@pytest.mark.parametrize("role", ["system_admin", "audit_admin"])
def test_the_last_administrator_is_not_suspended_either(role):
    code = refused(world.holder("security_admin"), world.holder(role), LastAdministrator)

    assert code == "last_administrator"


def test_what_is_suspended_is_not_suspended_again():
    security, person = world.holder("security_admin"), world.learner()
    suspend(security, person)

    with pytest.raises(AccountRefused) as refusal:
        suspend(security, person)

    assert refusal.value.code == "account_already_so"
