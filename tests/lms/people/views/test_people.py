"""The list and the person's page, as administrators meet them."""

import re
from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from lms.common.clock import database_now, local_date
from lms.journal.models import JournalEntry
from lms.people.granting import grant_role
from lms.people.models import Person
from lms.people.services import add_unit, start_posting
from lms.people.uniting import merge_persons
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    person = world.holder("unit_admin")
    client.force_login(person)
    return person


@pytest.fixture
def wu():
    person = world.learner("吴晓芸")
    person.id_number, person.phone = "330302199001011234", "13957801234"
    person.email = "wuxiaoyun@songyang.gov.cn"
    person.save()
    return person


@pytest.fixture
def stranger():
    city = world.county().parent
    return world.learner(
        "欧阳外县", unit=add_unit(code="331122", name="缙云县", level="county", parent=city)
    )


def page(client, path="/people/"):
    answer = client.get(path)
    assert answer.status_code == 200
    return re.sub(r"<!--.*?-->", "", answer.content.decode())


def test_the_list_says_how_many_serve_where(client, admin, wu, stranger):
    html = page(client)

    assert "松阳县有 2 人在职" in html
    assert "吴晓芸" in html
    assert "欧阳外县" not in html


def test_the_list_shows_both_buckets_against_what_is_asked(client, admin, wu):
    world.policy()
    today = local_date(database_now())
    world.entry(wu, "15", happened_on=today)

    html = page(client, "/people/?q=wxy")

    assert "集中培训：已得 15 学时，要求 90 学时" in html
    assert "网络学习：已得 0 学时，要求 50 学时" in html


def test_a_search_says_how_many_it_found_and_takes_conditions_back(client, admin, wu):
    html = page(client, "/people/?q=wxy&level=township_level")

    assert "找到 1 人" in html
    assert 'href="?level=township_level"' in html
    assert 'href="?q=wxy"' in html


def test_an_empty_search_says_what_to_try(client, admin):
    html = page(client, "/people/?q=没这人")

    assert "没有符合这些条件的人" in html
    assert "看全部在职的人" in html


def test_an_empty_unit_says_how_to_begin(client, admin):
    admin.postings.update(to_date=date(2020, 2, 1))

    html = page(client)

    assert "你管理的单位里还没有人" in html
    assert "/guide/roster/" in html


def test_a_unit_that_does_not_exist_is_said_beside_the_field(client, admin):
    html = page(client, "/people/?unit=没这单位")

    assert "没有找到「没这单位」" in html


def test_a_unit_is_chosen_by_its_full_name_too(client, admin, wu):
    world.learner("叶文静", unit=world.county())

    html = page(client, "/people/?unit=大东坝镇")

    assert "吴晓芸" in html
    assert "叶文静" not in html


@pytest.mark.parametrize("query", ["level=x", "state=x", "page=0", "page=x", "q=" + "长" * 99])
def test_what_cannot_be_read_asks_for_nothing(client, admin, wu, query):
    assert "吴晓芸" in page(client, f"/people/?{query}")


def test_the_list_asks_the_same_number_of_queries_however_many_people(client, admin, wu):
    world.policy()

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            page(client)
        return len(queries)

    asked()  # what a process remembers is read once
    few = asked()
    for number in range(30):
        person = world.learner(f"某{number}", unit=world.town(f"镇{number}", f"3311249{number:02}"))
        world.entry(person)

    assert asked() == few


def test_reading_the_list_and_a_person_is_on_record(client, admin, wu):
    page(client, "/people/?q=wxy")
    page(client, f"/people/{wu.staff_number}/")

    listed, read = JournalEntry.objects.filter(action__endswith="_read").order_by("pk")
    assert (listed.action, listed.actor) == ("people.list_read", admin)
    assert (listed.detail["q"], listed.detail["shown"]) == ("wxy", 1)
    assert (read.action, read.object_id) == ("people.data_read", str(wu.pk))


def test_the_export_holds_the_same_people_without_numbers_of_identity_and_is_on_record(
    client, admin, wu, stranger
):
    Person.objects.filter(pk=wu.pk).update(name="=1+1", pinyin_initials="a")
    world.policy()

    answer = client.get("/people/export.xlsx")

    data = b"".join(answer.streaming_content)
    rows = CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python()
    assert rows[0][:3] == ["人员编号", "姓名", "单位"]
    assert rows[0][7:] == ["网络学习已得", "网络学习要求", "集中培训已得", "集中培训要求"]
    assert [row[1] for row in rows[1:]] == ["=1+1", admin.name]
    assert rows[1][7:] == [0, 50, 0, 90]
    assert not any("330302199001011234" in map(str, row) for row in rows)
    entry = JournalEntry.objects.get(action="people.list_exported")
    assert (entry.actor, entry.detail["people"]) == (admin, 2)


def test_the_export_is_on_record_before_it_leaves_and_names_who_was_asked_for(client, admin, wu):
    client.get("/people/export.xlsx", {"q": "吴晓芸"})

    entry = JournalEntry.objects.get(action="people.list_exported")
    assert (entry.detail["q"], entry.detail["people"]) == ("吴晓芸", 1)


def test_the_export_takes_as_many_queries_for_many_people_as_for_few(client, admin, wu):
    world.policy()

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            b"".join(client.get("/people/export.xlsx").streaming_content)
        return len(seen)

    queries()
    few = queries()
    for _ in range(20):
        world.learner()

    assert queries() == few


def test_a_merged_account_is_not_listed_and_its_hours_are_its_persons(client, admin, wu):
    world.policy()
    old = world.learner("吴小芸")
    world.entry(old, "3")
    world.entry(wu, "2")
    merge_persons(
        kept=wu, merged=old, reason="重复建档", by=world.holder("system_admin"), at=world.NOON
    )

    html = page(client)

    assert "吴小芸" not in html
    assert "集中培训：已得 5 学时" in html
    assert "集中培训：已得 5 学时" in page(client, f"/people/{wu.staff_number}/")
    answer = client.get("/people/export.xlsx", {"q": "吴晓芸"})
    data = b"".join(answer.streaming_content)
    rows = CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python()
    assert [row[9] for row in rows[1:]] == [5]


def test_a_persons_page_masks_what_identifies_them(client, admin, wu):
    html = page(client, f"/people/{wu.staff_number}/")

    assert "330***********1234" in html
    assert "139****1234" in html
    assert "w********@songyang.gov.cn" in html
    assert "330302199001011234" not in html
    assert "13957801234" not in html


def test_a_persons_page_tells_postings_over_time_newest_first(client, admin, wu):
    start_posting(
        person=wu, unit=world.town("玉岩镇", "331124105"), title="副镇长",
        post_level="township_level", from_date=date(2026, 6, 1),
    )  # fmt: skip

    html = page(client, f"/people/{wu.staff_number}/")

    assert html.index("2026年6月1日 – 今") < html.index("2020年1月1日 – 2026年5月31日")
    assert html.count("现任") == 1


def test_a_persons_page_tells_roles_with_unit_and_dates(client, admin, wu):
    grant_role(
        person=wu, role="mentor", unit=world.town(), from_date=date(2026, 1, 1), by=None,
        at=world.NOON, to_date=date(2030, 12, 31),
    )  # fmt: skip

    html = page(client, f"/people/{wu.staff_number}/")

    assert "<b>导师</b> · 大东坝镇及其下属单位" in html
    assert "从2026年1月1日起，到2030年12月31日为止" in html
    assert f"/people/roles/{wu.role_grants.get().pk}/revoke/" in html


@pytest.mark.parametrize(
    ("role", "offered"),
    [
        ("unit_admin", {"授予角色"}),
        ("security_admin", {"授予角色", "停用账号"}),
        ("system_admin", set()),
    ],
)
def test_actions_are_offered_to_those_who_may(client, wu, role, offered):
    client.force_login(world.holder(role))

    html = page(client, f"/people/{wu.staff_number}/")

    shown = {action for action in ("授予角色", "停用账号", "恢复账号") if f"{action}</a>" in html}
    assert shown == offered


def test_nobody_is_offered_to_act_on_themselves(client, wu):
    security = world.holder("security_admin")
    client.force_login(security)

    html = page(client, f"/people/{security.staff_number}/")

    assert "停用账号</a>" not in html
    assert "授予角色</a>" not in html


def test_a_stranger_is_not_found_and_the_attempt_is_on_record(client, admin, stranger):
    assert client.get(f"/people/{stranger.staff_number}/").status_code == 404
    assert client.get("/people/SY-nobody/").status_code == 404

    row = JournalEntry.objects.get(action="access.object_refused")
    assert (row.outcome, row.code, row.object_id) == ("refused", "not_visible", str(stranger.pk))


def test_suspending_asks_for_a_reason_and_says_what_happens(client, wu):
    client.force_login(world.holder("security_admin"))
    path = f"/people/{wu.staff_number}/suspend/"

    assert "停用吴晓芸的账号？" in page(client, path)
    without = client.post(path, {"reason": ""})
    assert without.status_code == 422
    assert "还没有写理由" in without.content.decode()
    done = client.post(path, {"reason": "借用期满"}, follow=True).content.decode()

    assert "吴晓芸的账号已停用，正在用的会话都已结束。" in done
    assert "恢复账号</a>" in done
    again = client.post(path.replace("suspend", "reactivate"), {"reason": "续借"}, follow=True)
    assert "吴晓芸的账号已恢复" in again.content.decode()


def test_the_navigation_leads_to_people_or_to_roles(client):
    html = {}
    for role in ("unit_admin", "audit_admin", "learner"):
        client.force_login(world.holder(role))
        html[role] = client.get("/record/").content.decode()

    assert 'href="/people/"' in html["unit_admin"]
    assert 'href="/people/roles/"' in html["audit_admin"]
    assert 'href="/people/"' not in html["learner"]
    assert 'href="/people/me/"' in html["learner"]


def test_my_page_shows_my_postings_roles_and_how_i_am_reached(client, wu):
    client.force_login(wu)

    html = page(client, "/people/me/")

    assert "党政综合办公室主任" in html
    assert "13957801234" in html
    assert "330***********1234" in html
    assert "330302199001011234" not in html
    assert not JournalEntry.objects.filter(action="people.data_read").exists()


def test_an_id_number_searched_for_or_written_as_a_reason_is_not_kept(client, admin, wu):
    client.get("/people/?q=11010519491231002X")
    client.post(
        f"/people/{wu.staff_number}/reveal-id/", {"reason": "核对 11010519491231002X 是不是他"}
    )

    kept = [f"{row.detail} {row.reason}" for row in JournalEntry.objects.all()]
    assert sum("110***********002X" in text for text in kept) == 2
    assert not any("19491231" in text for text in kept)
