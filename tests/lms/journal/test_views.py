import io
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from lms.common.clock import database_now
from lms.journal import exporting
from lms.journal.models import JournalEntry
from lms.journal.services import record
from lms.people.roles import Role
from lms.people.services import add_unit
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor(client):
    person = world.holder(Role.AUDITOR)
    client.force_login(person)
    return person


def noted(by=None, **facts):
    return record(**{"action": "people.data_read", "by": by, "at": database_now()} | facts)


def elsewhere():
    return add_unit(code="331123", name="遂昌县", level="county", parent=world.county().parent)


def lines(answer):
    return answer.context["lines"]


def people(answer):
    return [line["who"] for line in lines(answer)]


def test_the_newest_row_comes_first_in_words(client, auditor):
    actor, other = world.learner(name="毛永红"), world.learner(name="吴晓芸")
    noted(actor, obj=other)
    noted(actor, obj=other, outcome="refused", action="people.id_number_revealed", reason="无事")

    page = client.get("/journal/")

    sentences = [line["sentence"] for line in lines(page)]
    assert sentences[:2] == [
        f"毛永红想查看「吴晓芸（{other.staff_number}）」的身份证号，被拒绝。",
        f"毛永红查看了「吴晓芸（{other.staff_number}）」的资料。",
    ]
    assert "近 7 天有 1 次被拒绝的操作" in page.content.decode()


def test_reading_the_journal_is_in_the_journal(client, auditor):
    client.get("/journal/?action=people.data_read")

    row = JournalEntry.objects.get(action="journal.read")
    assert (row.actor, row.detail) == (auditor, {"action": "people.data_read"})


@pytest.mark.parametrize("asked", ["毛永", "myh", "MYH", "SY-777"])
def test_a_person_is_found_by_name_initials_or_staff_number_as_actor_and_as_subject(
    client, auditor, asked
):
    wanted, other = world.learner(name="毛永红"), world.learner(name="吴晓芸")
    wanted.staff_number = "SY-777"
    wanted.save()
    noted(wanted, obj=other)
    noted(other, obj=wanted)
    noted(other, obj=other)

    assert people(client.get("/journal/", {"person": asked})) == ["吴晓芸", "毛永红"]


def test_too_many_namesakes_ask_for_the_staff_number(client, auditor, monkeypatch):
    monkeypatch.setattr("lms.journal.forms.NAMESAKES_MAX", 1)
    for _number in range(2):
        noted(world.learner(name="毛永红"))

    page = client.get("/journal/", {"person": "毛"})

    assert lines(page) == []
    assert "请写全姓名或人员编号" in page.content.decode()


def test_each_condition_narrows(client, auditor):
    actor, other = world.learner(), world.learner()
    kept = noted(
        actor, obj=other, address="10.2.3.4", outcome="refused", action="people.correction_answered"
    )
    noted(actor, obj=actor, at=world.NOON, address="10.9.9.9")
    today = database_now().date()

    for condition in (
        {"action": "people.correction_answered"},
        {"outcome": "refused"},
        {"object_type": "people.Person", "object_id": other.pk},
        {"address": "10.2.3.4"},
        {"since": today, "until": today + timedelta(days=1), "person": actor.staff_number},
    ):
        found = [line["id"] for line in lines(client.get("/journal/", condition))]
        assert found == [kept.pk], condition


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"since": "2026-11-02", "until": "2026-11-01"}, "结束日期早于开始日期"),
        ({"address": "nowhere"}, "条件里有一处要改"),
        ({"action": "no.such"}, "条件里有一处要改"),
    ],
)
def test_conditions_that_cannot_be_read_say_so_and_show_nothing(client, auditor, asked, said):
    noted()

    page = client.get("/journal/", asked)

    assert lines(page) == []
    assert said in page.content.decode()


def test_the_last_day_there_is_may_be_asked_for(client, auditor):
    assert client.get("/journal/?since=0001-01-01&until=9999-12-31").status_code == 200
    export = client.get("/journal/export.xlsx?until=9999-12-31")
    assert b"".join(export.streaming_content)[:2] == b"PK"


def test_an_id_number_searched_for_is_not_kept(client, auditor):
    client.get("/journal/?person=11010519491231002X")

    assert JournalEntry.objects.get(action="journal.read").detail["person"] == "110***********002X"


def test_pages_go_on_where_the_last_one_ended_and_skip_nothing(client, auditor, monkeypatch):
    monkeypatch.setattr("lms.journal.views.PAGE_SIZE", 2)
    same = database_now()
    written = [noted(auditor, at=same, action="video.retry").pk for _number in range(5)]

    seen, address = [], "/journal/?action=video.retry"
    while address:
        page = client.get(address)
        seen += [line["id"] for line in lines(page)]
        address = page.context["older_url"] and f"/journal/{page.context['older_url']}"

    assert seen == written[::-1]


def test_a_page_costs_the_same_number_of_queries_however_many_rows_and_people(
    client, auditor, django_assert_max_num_queries
):
    def queries():
        with django_assert_max_num_queries(40) as counted:
            client.get("/journal/?action=people.data_read")
        return len(counted)

    noted(world.learner(), obj=world.learner())
    queries()
    few = queries()
    for _number in range(20):
        noted(world.learner(), obj=world.learner())

    assert queries() == few


def test_an_auditor_sees_the_rows_of_the_own_units_by_actor_and_by_object_and_no_others(client):
    foreign_unit = elsewhere()
    inside, outside = world.learner(name="本县"), world.learner(name="外县", unit=foreign_unit)
    auditor = world.holder(Role.AUDITOR)
    client.force_login(auditor)
    seen = [
        noted(inside, obj=outside).pk,
        noted(outside, obj=inside).pk,
        noted(None, obj=None).pk,
    ]
    hidden = noted(outside, obj=outside)

    found = {line["id"] for line in lines(client.get("/journal/"))}

    assert set(seen) <= found
    assert hidden.pk not in found


def test_a_row_outside_ones_units_is_not_found_and_the_attempt_is_noted(client, auditor):
    hidden = noted(world.learner(unit=elsewhere()))

    assert client.get(reverse("journal:row", args=[hidden.pk])).status_code == 404

    row = JournalEntry.objects.get(action="access.object_refused")
    assert (row.actor, row.object_id) == (auditor, str(hidden.pk))


def test_audit_administrators_read_their_subtree_and_other_administrators_nothing():
    noted(world.learner(), obj=world.learner())

    answers = {}
    for role in (Role.AUDIT_ADMIN, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.UNIT_ADMIN):
        client = Client()
        client.force_login(world.holder(role))
        answers[role] = client.get("/journal/").status_code

    assert answers == {
        Role.AUDIT_ADMIN: 200, Role.SYSTEM_ADMIN: 404, Role.SECURITY_ADMIN: 404,
        Role.UNIT_ADMIN: 404,
    }  # fmt: skip


def test_a_row_opens_to_everything_it_holds(client, auditor):
    actor, other = world.learner(name="毛永红"), world.learner(name="吴晓芸")
    entry = noted(
        actor, obj=other, reason="核对名册", address="10.2.3.4", detail={"what": "profile"}
    )

    page = client.get(reverse("journal:row", args=[entry.pk])).content.decode()

    for said in (
        "毛永红查看了", "大东坝镇 党政综合办公室主任", "people.data_read", "核对名册", "10.2.3.4",
        "what：profile", bytes(entry.digest).hex(), "马上会封存",
    ):  # fmt: skip
        assert said in page


def cells(answer):
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    return book.get_sheet_by_index(0).to_python()


def test_the_export_holds_the_rows_asked_for_as_text_and_is_journalled(client, auditor):
    noted(world.learner(name="=cmd|' /C calc'!A0"), reason="+1", action="video.retry")
    noted(world.learner(), action="video.rename")

    rows = cells(client.get("/journal/export.xlsx?action=video.retry"))

    assert len(rows) == 2
    assert rows[1][1] == "=cmd|' /C calc'!A0"
    noted_row = JournalEntry.objects.get(action="journal.exported")
    assert noted_row.detail == {"rows": 1, "conditions": {"action": "video.retry"}}


def test_an_export_of_too_many_rows_is_refused_with_a_way_out(client, auditor, monkeypatch):
    monkeypatch.setattr(exporting, "ROWS_MAX", 2)
    for _number in range(3):
        noted()

    page = client.get("/journal/export.xlsx", follow=True).content.decode()

    assert "请缩短起止日期" in page
    row = JournalEntry.objects.get(action="journal.exported")
    assert (row.outcome, row.code) == ("refused", "export_too_large")


def test_an_export_never_leaves_the_own_units(client, auditor):
    noted(world.learner(name="外县人", unit=elsewhere()))

    assert "外县人" not in str(cells(client.get("/journal/export.xlsx")))


def test_the_way_to_the_journal_is_in_the_navigation_of_auditors_only(client, auditor):
    assert "/journal/" in [entry["url"] for entry in client.get("/courses/").context["nav"]]
    client.force_login(world.learner())
    assert "/journal/" not in [entry["url"] for entry in client.get("/courses/").context["nav"]]
