"""Taking roles back: at once, with the history kept, and never from the last administrator."""

from datetime import date
from threading import Barrier, Thread

import pytest
from django.db import connection

from lms.journal.models import JournalEntry
from lms.people.granting import GrantRefused, grant_role
from lms.people.models import RoleGrant
from lms.people.revoking import LastAdministrator, revoke_role
from lms.people.roles import Permission
from lms.people.selectors import grants_on, has_permission
from lms.people.services import add_unit
from tests import world

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


def neighbour():
    return add_unit(code="331122", name="缙云县", level="county", parent=world.county().parent)


def take(by, person, **facts):
    return revoke_role(grant=person.role_grants.get(), by=by, at=world.NOON, **facts)


def refused(by, person, kind=GrantRefused):
    with pytest.raises(kind) as refusal:
        take(by, person)
    assert person.role_grants.get().revoked_on is None
    row = JournalEntry.objects.get(action="people.role_revoked", outcome="refused")
    assert (row.actor, row.code) == (by, refusal.value.code)
    return refusal.value


def test_a_revoked_role_counts_no_more_that_very_day_and_stays_in_the_history():
    security, person = world.holder("security_admin"), world.holder("archivist")

    grant = take(security, person, reason="调离档案馆")

    assert (grant.revoked_on, grant.revoked_by) == (TODAY, security)
    asked = {"person": person, "permission": Permission.SEAL_PACKAGES}
    assert not has_permission(**asked, on=TODAY)
    assert has_permission(**asked, on=date(2026, 11, 19))
    row = JournalEntry.objects.get(action="people.role_revoked")
    assert (row.actor, row.outcome, row.reason) == (security, "done", "调离档案馆")


def test_a_role_that_has_not_begun_is_taken_back_and_never_counts():
    security, person = world.holder("security_admin"), world.learner()
    grant_role(
        person=person, role="archivist", unit=world.county(), from_date=date(2027, 1, 1),
        by=security, at=world.NOON,
    )  # fmt: skip

    take(security, person)

    assert not grants_on(person=person, on=date(2027, 2, 1)).exists()
    assert RoleGrant.objects.filter(person=person).count() == 1


def test_what_was_revoked_may_be_given_again_the_same_day():
    security, person = world.holder("security_admin"), world.holder("archivist")
    take(security, person)

    again = grant_role(
        person=person, role="archivist", unit=world.county(), from_date=TODAY, by=security,
        at=world.NOON,
    )  # fmt: skip

    assert list(grants_on(person=person, on=TODAY)) == [again]


def test_ones_own_role_is_taken_back_by_somebody_else():
    world.holder("security_admin")
    admin = world.holder("security_admin")

    assert refused(admin, admin).code == "own_role"


def test_a_role_in_another_county_is_not_ones_to_take():
    assert (
        refused(world.holder("security_admin"), world.holder("archivist", unit=neighbour())).code
        == "unit_out_of_scope"
    )


def test_a_role_one_could_not_give_is_not_ones_to_take():
    assert (
        refused(world.holder("unit_admin"), world.holder("archivist")).code == "role_not_grantable"
    )


def test_a_grant_that_ended_is_not_ended_again():
    security, person = world.holder("security_admin"), world.holder("archivist")
    take(security, person)

    with pytest.raises(GrantRefused) as refusal:
        take(security, person)

    assert refusal.value.code == "grant_is_over"


def test_the_last_system_administrator_stays():
    """Others who are suspended, whose term ended or has not begun do not count."""
    security, last = world.holder("security_admin"), world.holder("system_admin")
    suspended, ended, later = (world.holder("system_admin") for _ in range(3))
    suspended.is_active = False
    suspended.save()
    ended.role_grants.update(to_date=date(2026, 11, 19))
    later.role_grants.update(from_date=date(2026, 11, 21))

    refusal = refused(security, last, LastAdministrator)

    assert refusal.code == "last_administrator"
    assert "这是最后一位系统管理员，不能没有人担任" in refusal.sentence


@pytest.mark.parametrize("role", ["security_admin", "audit_admin"])
def test_the_last_administrator_who_gives_roles_stays(role):
    """Only their own kind could take the role back, and nobody takes their own."""
    last, colleague = world.holder(role), world.holder(role)

    take(last, colleague)

    assert refused(last, last).code == "own_role"


@pytest.mark.django_db(transaction=True)
def test_of_two_last_administrators_taken_back_at_once_one_stays():
    security = world.holder("security_admin")
    pair = [world.holder("system_admin"), world.holder("system_admin")]
    start, outcomes = Barrier(2), []

    def act(person):
        start.wait()
        try:
            take(security, person)
            outcomes.append("taken")
        except LastAdministrator as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [Thread(target=act, args=[person]) for person in pair]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["last_administrator", "taken"]
    assert RoleGrant.objects.filter(role="system_admin", revoked_on=None).count() == 1
