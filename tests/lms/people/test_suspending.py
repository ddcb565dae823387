"""Suspending and reopening accounts."""

import pytest

from lms.journal.models import JournalEntry
from lms.people.revoking import LastAdministrator
from lms.people.services import add_unit, grant_role
from lms.people.suspending import (
    AccountMerged,
    AccountRefused,
    reactivate_account,
    suspend_account,
)
from lms.people.uniting import merge_persons, undo_merge
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


def test_who_administers_more_than_the_town_is_not_the_towns_to_suspend():
    admin = world.holder("security_admin", unit=world.town())
    above = world.learner(unit=world.town())
    grant_role(
        person=above, role="publisher", unit=world.county(), from_date=world.NOON.date(),
        by=None, at=world.NOON,
    )  # fmt: skip

    assert refused(admin, above) == "account_above_you"
    assert above.is_active


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


def merged_pair():
    merged, kept = world.learner("吴小芸"), world.learner("吴晓芸")
    merge = merge_persons(
        kept=kept, merged=merged, reason="重复建档", by=world.holder("system_admin"), at=world.NOON
    )
    merged.refresh_from_db()
    return merge, merged, kept


@pytest.mark.parametrize("act", [reactivate_account, suspend_account])
def test_a_merged_account_is_neither_reopened_nor_suspended_and_the_way_out_is_said(act):
    _merge, merged, kept = merged_pair()

    with pytest.raises(AccountMerged) as refusal:
        act(person=merged, by=world.holder("security_admin"), at=world.NOON, reason=REASON)

    assert refusal.value.code == "account_merged"
    assert refusal.value.sentence == (
        f"这个账号已经并入吴晓芸（{kept.staff_number}），不能单独停用或恢复。"
        "确实是两个人，请系统管理员撤销合并。"
    )
    merged.refresh_from_db()
    assert (merged.is_active, merged.merged_into) == (False, kept)
    row = JournalEntry.objects.get(action__startswith="people.account_")
    assert (row.outcome, row.code) == ("refused", "account_merged")


def test_when_the_merge_is_undone_the_account_can_be_suspended_again():
    merge, merged, _kept = merged_pair()
    undo_merge(merge=merge, reason="是两个人", by=world.holder("system_admin"), at=world.NOON)

    suspend(world.holder("security_admin"), merged)

    merged.refresh_from_db()
    assert not merged.is_active


def test_the_page_of_a_merged_account_says_what_it_became(client):
    _merge, merged, kept = merged_pair()
    client.force_login(world.holder("security_admin"))
    path = f"/people/{merged.staff_number}/reactivate/"

    html = client.get(path).content.decode()
    answer = client.post(path, {"reason": REASON})

    assert f"{merged.staff_number} 已经并入 {kept.staff_number}，不能单独停用或恢复" in html
    assert f'href="/people/{kept.staff_number}/"' in html
    assert answer.status_code == 422
    assert "请系统管理员撤销合并" in answer.content.decode()


def test_the_page_of_an_account_merged_elsewhere_is_not_there(client):
    other = add_unit(code="331122", name="缙云县", level="county", parent=world.county().parent)
    merged, kept = world.learner("吴小芸"), world.learner("吴晓芸", unit=other)
    merge_persons(
        kept=kept, merged=merged, reason="重复", by=world.holder("system_admin"), at=world.NOON
    )
    client.force_login(world.holder("security_admin"))

    assert client.get(f"/people/{merged.staff_number}/reactivate/").status_code == 404
    assert refused_code(merged) == "account_out_of_scope"


def refused_code(person):
    person.refresh_from_db()
    with pytest.raises(AccountRefused) as refusal:
        reactivate_account(
            person=person, by=world.holder("security_admin"), at=world.NOON, reason=REASON
        )
    return refusal.value.code
