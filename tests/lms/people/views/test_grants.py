"""Granting and revoking as administrators do it on the pages."""

from datetime import date

import pytest

from lms.common.clock import database_now, local_date
from lms.journal.models import JournalEntry
from lms.people.granting import grant_role
from lms.people.models import RoleGrant
from lms.people.services import add_unit
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    person = world.holder("unit_admin")
    client.force_login(person)
    return person


@pytest.fixture
def wu():
    return world.learner("吴晓芸")


def neighbour():
    return add_unit(code="331122", name="缙云县", level="county", parent=world.county().parent)


def asked(**changes):
    today = local_date(database_now()).isoformat()
    fields = {
        "role": "mentor",
        "unit": "331124107",
        "from_date": today,
        "to_date": "",
        "reason": "",
    }
    return fields | changes


def post(client, person, **changes):
    return client.post(f"/people/{person.staff_number}/roles/new/", asked(**changes))


def test_only_roles_one_may_give_are_offered_with_what_they_let_one_do(client, admin, wu):
    html = client.get(f"/people/{wu.staff_number}/roles/new/").content.decode()

    assert [f'value="{role}"' in html for role in ("mentor", "class_manager", "publisher")] == [
        True, True, False,
    ]  # fmt: skip
    assert "办流动课堂，管名单、签到、请假和结班" in html
    assert "系统、安全、审计三种管理员由三个人分别担任" in html
    assert 'value="331124107"' in html


def test_before_it_is_given_a_role_is_said_in_words(client, admin, wu):
    answer = post(client, wu, role="class_manager")

    html = answer.content.decode()
    assert "让吴晓芸担任班级管理？" in html
    assert "在大东坝镇" in html
    assert "办流动课堂，管名单、签到、请假和结班" in html
    assert not wu.role_grants.exists()


def test_what_is_confirmed_is_given(client, admin, wu):
    answer = post(client, wu, confirmed="1", reason="松组〔2026〕3 号")

    assert answer.status_code == 302
    grant = wu.role_grants.get()
    assert (grant.role, grant.unit.name, grant.granted_by) == ("mentor", "大东坝镇", admin)
    html = client.get("/people/roles/").content.decode()
    assert "吴晓芸现在是大东坝镇的导师。" in html


def test_the_confirmation_carries_what_was_asked(client, admin, wu):
    html = post(client, wu, reason="依据").content.decode()

    for name, value in asked(reason="依据").items():
        assert f'name="{name}" value="{value}"' in html
    assert 'name="confirmed" value="1"' in html


@pytest.mark.parametrize("is_confirmed", [True, False])
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"role": "publisher"}, "这个角色不归你授予"),
        ({"unit": "331122"}, "这个单位不在你的管理范围里"),
        ({"unit": "999"}, "没有找到「999」"),
        ({"unit": ""}, "还没有填单位"),
        ({"role": ""}, "还没有选角色"),
        ({"from_date": "2020-01-01"}, "开始日期已经过去"),
        ({"from_date": ""}, "还没有填开始日期"),
        ({"to_date": "2020-01-01"}, "结束日期早于开始日期"),
    ],
)
def test_what_is_refused_says_why_and_what_to_do(
    client, admin, wu, changes, sentence, is_confirmed
):
    neighbour()

    answer = post(client, wu, **changes, **({"confirmed": "1"} if is_confirmed else {}))

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not wu.role_grants.exists()


def test_a_person_who_is_an_administrator_is_told_the_other_kinds_are_closed(client, wu):
    client.force_login(world.holder("security_admin"))
    system = world.holder("system_admin")

    html = client.get(f"/people/{system.staff_number}/roles/new/").content.decode()
    answer = post(client, system, role="security_admin", unit="331124", confirmed="1")

    assert "他已经是系统管理员，另外两种授不了。" in html
    assert "同一时间一人只能担任一种" in answer.content.decode()
    assert JournalEntry.objects.get(outcome="refused").code == "administrators_exclude_each_other"


def test_ones_own_page_of_roles_refuses(client, admin):
    answer = post(client, admin, confirmed="1")

    assert "自己的角色不能自己授予" in answer.content.decode()
    assert admin.role_grants.count() == 1


def test_a_stranger_is_not_found_and_nothing_is_given(client, admin):
    stranger = world.learner("欧阳外县", unit=neighbour())

    assert post(client, stranger, confirmed="1").status_code == 404

    assert not stranger.role_grants.exists()
    refused = JournalEntry.objects.get(outcome="refused")
    assert (refused.action, refused.code) == ("access.object_refused", "not_visible")
    assert refused.subject == stranger


def test_revoking_says_what_ends_and_ends_it(client, wu):
    client.force_login(world.holder("security_admin"))
    archivist = world.holder("archivist")
    path = f"/people/roles/{archivist.role_grants.get().pk}/revoke/"

    html = client.get(path).content.decode()
    done = client.post(path, {"reason": "调离"}, follow=True).content.decode()

    assert "封装、下载、核验归档包" in html
    assert f"已收回{archivist.name}的档案管理员，现在起不再有效。" in done
    assert archivist.role_grants.get().revoked_on == local_date(database_now())
    again = client.post(path, {})
    assert again.status_code == 422
    assert "这项授权已经结束" in again.content.decode()


def test_a_grant_in_another_county_is_not_found(client, admin):
    foreign = world.holder("mentor", unit=neighbour()).role_grants.get()

    answers = {client.get(f"/people/roles/{foreign.pk}/revoke/").status_code,
               client.post(f"/people/roles/{foreign.pk}/revoke/", {}).status_code}  # fmt: skip

    foreign.refresh_from_db()
    assert (answers, foreign.revoked_on) == ({404}, None)


def test_the_page_of_roles_lists_grants_of_ones_units_and_finds_people(client, admin, wu):
    world.holder("mentor", unit=world.town())
    stranger = world.learner("欧阳外县", unit=neighbour())
    grant_role(
        person=stranger, role="lecturer", unit=neighbour(), from_date=date(2026, 1, 1), by=None,
        at=world.NOON,
    )  # fmt: skip

    html = client.get("/people/roles/?who=吴晓芸").content.decode()

    assert "2 项授权有效或将要开始" in html
    assert f"/people/{wu.staff_number}/roles/new/" in html
    assert stranger.name not in html
    nobody = client.get(f"/people/roles/?who={stranger.staff_number}").content.decode()
    assert "你管理的单位里没有" in nobody


def test_the_page_of_roles_filters_by_role_and_hides_what_ended(client, admin):
    mentor, lecturer = world.holder("mentor"), world.holder("lecturer")
    gone = world.holder("mentor")
    RoleGrant.objects.filter(person=gone).update(to_date=date(2020, 1, 2))

    html = client.get("/people/roles/?role=mentor").content.decode()

    assert f"<b>{mentor.name}</b>" in html
    assert lecturer.name not in html
    assert html.count("持有mentor</b>") == 1


def test_an_audit_administrator_appoints_an_auditor_without_seeing_the_list(client, wu):
    client.force_login(world.holder("audit_admin"))

    assert client.get("/people/").status_code == 404
    assert client.get(f"/people/{wu.staff_number}/").status_code == 404
    assert post(client, wu, role="auditor", unit="331124", confirmed="1").status_code == 302
    assert wu.role_grants.get().role == "auditor"
