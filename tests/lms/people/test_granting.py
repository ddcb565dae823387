"""Giving roles by people: every refusal has its code, its sentence and its row in the journal."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from lms.common.acts import note
from lms.common.errors import Refusal
from lms.journal.models import JournalEntry
from lms.people.granting import SENTENCES, AdministratorsExclude, GrantRefused, grant_role
from lms.people.models import RoleGrant
from lms.people.roles import ADMINISTRATORS, Permission, Role
from lms.people.selectors import has_permission
from lms.people.services import add_unit
from tests import world

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


def neighbour():
    return add_unit(code="331122", name="缙云县", level="county", parent=world.county().parent)


def give(by, person, role="mentor", unit=None, **facts):
    fields = {"from_date": TODAY, "by": by, "at": world.NOON, "unit": unit or world.town()}
    return grant_role(person=person, role=role, **fields | facts)


def refused(kind=GrantRefused, **facts):
    before = list(RoleGrant.objects.order_by("pk").values())
    with pytest.raises(kind) as refusal:
        give(**facts)
    assert list(RoleGrant.objects.order_by("pk").values()) == before
    row = JournalEntry.objects.get(action="people.role_granted", outcome="refused")
    assert (row.actor, row.code) == (facts["by"], refusal.value.code)
    assert row.object_id == str(facts["person"].pk)
    return refusal.value


def test_a_unit_administrator_gives_a_role_in_their_unit_and_it_is_on_record():
    admin, person = world.holder("unit_admin"), world.learner()

    grant = give(admin, person, reason="松组〔2026〕3 号", to_date=date(2027, 11, 20))

    assert (grant.granted_by, grant.granted_at) == (admin, world.NOON)
    row = JournalEntry.objects.get(action="people.role_granted", actor=admin)
    assert (row.outcome, row.reason) == ("done", "松组〔2026〕3 号")
    assert row.detail == {
        "role": "mentor", "unit": "331124107", "from": "2026-11-20", "to": "2027-11-20",
    }  # fmt: skip


@pytest.mark.parametrize("role", sorted(set(Role.values) - {"auditor", "audit_admin"}))
def test_a_security_administrator_gives_every_role_but_the_auditors(role):
    assert give(world.holder("security_admin"), world.learner(), role, world.county())


@pytest.mark.parametrize("role", ["auditor", "audit_admin"])
def test_auditors_are_given_by_the_audit_administrator_alone(role):
    security, audit = world.holder("security_admin"), world.holder("audit_admin")

    assert refused(by=security, person=world.learner(), role=role).code == "role_not_grantable"
    assert give(audit, world.learner(), role)


@pytest.mark.parametrize("role", ["learner", "course_author", "archivist", "system_admin"])
def test_who_administers_nothing_gives_nothing(role):
    by = world.holder(role)

    assert refused(by=by, person=world.learner()).code == "role_not_grantable"


@pytest.mark.parametrize("role", ["publisher", "unit_admin", "archivist", "security_admin"])
def test_a_unit_administrator_gives_no_role_above_their_own(role):
    admin = world.holder("unit_admin")

    assert refused(by=admin, person=world.learner(), role=role).code == "role_not_grantable"


def test_nobody_gives_a_role_to_themselves():
    admin = world.holder("security_admin")

    refusal = refused(by=admin, person=admin, role="archivist")

    assert refusal.code == "own_role"
    assert refusal.sentence == "自己的角色不能自己授予、自己收回。请另一位管理员来办。"


def test_nobody_gives_a_role_beyond_their_own_units():
    admin = world.holder("unit_admin", unit=world.town())

    assert (
        refused(by=admin, person=world.learner(), unit=world.county()).code == "unit_out_of_scope"
    )


def test_nobody_gives_a_role_to_people_of_another_county():
    admin, stranger = world.holder("security_admin"), world.learner(unit=neighbour())

    refusal = refused(by=admin, person=stranger, role="archivist", unit=world.county())

    assert refusal.code == "person_out_of_scope"


def test_a_grant_neither_begins_in_the_past_nor_ends_before_it_begins():
    admin, person = world.holder("unit_admin"), world.learner()

    with pytest.raises(GrantRefused) as early:
        give(admin, person, from_date=TODAY - timedelta(days=1))
    with pytest.raises(GrantRefused) as backward:
        give(admin, person, to_date=TODAY - timedelta(days=1))

    assert early.value.code == "grant_begins_in_the_past"
    assert backward.value.code == "grant_ends_before_it_begins"


def test_a_grant_does_not_outlive_the_one_it_was_given_under():
    admin, person = world.holder("unit_admin"), world.learner()
    admin.role_grants.update(to_date=date(2026, 12, 31))

    assert refused(by=admin, person=person).code == "grant_outlives_yours"
    assert give(admin, person, to_date=date(2026, 12, 31))


def test_an_administrator_whose_grant_ended_gives_nothing():
    admin = world.holder("unit_admin")
    admin.role_grants.update(to_date=TODAY - timedelta(days=1))

    assert refused(by=admin, person=world.learner()).code == "role_not_grantable"


def test_the_same_role_in_the_same_unit_is_not_given_twice():
    admin, person = world.holder("unit_admin"), world.learner()
    give(admin, person, to_date=date(2026, 12, 31))

    assert (
        refused(by=admin, person=person, from_date=date(2026, 12, 31)).code == "role_already_held"
    )
    assert give(admin, person, from_date=date(2027, 1, 1))


@pytest.mark.parametrize("held", ADMINISTRATORS)
@pytest.mark.parametrize("wanted", ADMINISTRATORS)
def test_the_three_administrators_are_three_persons(held, wanted):
    person = world.holder(held)
    by = world.holder("audit_admin" if wanted == "audit_admin" else "security_admin")
    if held == wanted:
        return

    refusal = refused(AdministratorsExclude, by=by, person=person, role=wanted)

    assert refusal.code == "administrators_exclude_each_other"
    assert f"他在这段时间已经是{Role(held).label}" in refusal.sentence


def test_the_database_itself_excludes_two_administrators_in_one_person():
    person = world.holder("system_admin")

    with pytest.raises(IntegrityError, match="administrators_exclude"), transaction.atomic():
        RoleGrant.objects.create(
            person=person, role="audit_admin", unit=world.county(), from_date=date(2030, 1, 1),
            granted_at=world.NOON,
        )  # fmt: skip


def test_the_system_too_makes_no_two_administrators_of_one_person():
    person = world.holder("system_admin")

    with pytest.raises(AdministratorsExclude):
        give(None, person, "security_admin", world.county())


def test_after_one_administrators_term_another_may_begin():
    person, by = world.holder("system_admin"), world.holder("audit_admin")
    person.role_grants.update(to_date=TODAY)

    assert give(by, person, "audit_admin", world.county(), from_date=TODAY + timedelta(days=1))


def test_a_revoked_administrator_may_become_another_kind_the_same_day():
    person, by = world.holder("system_admin"), world.holder("audit_admin")
    person.role_grants.update(revoked_on=TODAY)

    assert give(by, person, "audit_admin", world.county())


def test_a_refusal_stays_on_record_although_everything_else_is_undone(monkeypatch):
    """What was written before the refusal goes; the row about it stays."""
    admin, person = world.holder("unit_admin"), world.learner()

    def refuse_late(**facts):
        note(action="test.written_before", by=None, at=world.NOON)
        raise Refusal

    monkeypatch.setattr("lms.people.granting.sync_groups", refuse_late)
    with pytest.raises(Refusal):
        give(admin, person)

    assert not person.role_grants.exists()
    assert not JournalEntry.objects.filter(action="test.written_before").exists()
    assert JournalEntry.objects.filter(action="people.role_granted", outcome="refused").count() == 1


def test_a_grant_by_the_system_is_given_once_and_noted_once():
    person = world.learner()

    first = give(None, person, "archivist", world.county())
    again = give(None, person, "archivist", world.county())

    assert first == again
    assert JournalEntry.objects.filter(action="people.role_granted", actor=None).count() == 1


def test_a_grant_ends_the_sessions_its_holder_had(client):
    admin, person = world.holder("unit_admin"), world.learner()
    client.force_login(person)
    assert client.get("/record/").status_code == 200

    give(admin, person)

    assert client.get("/record/").status_code == 302


def test_a_grant_of_the_future_gives_nothing_yet():
    admin, person = world.holder("security_admin"), world.learner()

    give(admin, person, "archivist", world.county(), from_date=date(2027, 1, 1))

    asked = {"person": person, "permission": Permission.SEAL_PACKAGES}
    assert not has_permission(**asked, on=TODAY)
    assert has_permission(**asked, on=date(2027, 1, 1))


def test_every_code_has_a_sentence_that_ends():
    assert all(str(sentence).endswith("。") for sentence in SENTENCES.values())
