"""My data: seen, taken along, corrected."""

import io
import json

import pytest
from django.test import Client
from django.utils import translation
from python_calamine import CalamineWorkbook

from lms.common.clock import database_now
from lms.journal.models import JournalEntry
from lms.journal.services import record
from lms.people.corrections import answer_correction, ask_correction
from lms.people.models import CorrectionRequest
from lms.people.revealing import reveal_id_number
from lms.people.roles import Role
from tests import world

pytestmark = pytest.mark.django_db
NUMBER, MASKED = "330102199001011234", "330***********1234"


@pytest.fixture
def me(client):
    person = world.learner(name="吴晓芸")
    person.id_number, person.phone = NUMBER, "13905780123"
    person.save()
    world.entry(person, title="=SUM(A1) 专题班")
    client.force_login(person)
    return person


def body(answer):
    return b"".join(answer.streaming_content)


def test_the_page_shows_everything_by_room_with_how_long_it_is_kept(client, me):
    page = client.get("/me/data/").content.decode()

    for said in ("我的资料", "党政综合办公室主任", "13905780123", "专题班", "学时台账",
                 "是学时和授权的依据，长期保存", "至少保存 60 个月", "登录会话"):  # fmt: skip
        assert said in page
    assert client.get("/me/data/")["Cache-Control"] == "private, no-store"


def test_the_id_number_is_masked_on_the_page_and_in_both_files(client, me):
    texts = [
        client.get("/me/data/").content.decode(),
        body(client.get("/me/data/export.json")).decode(),
        str(sheets(client.get("/me/data/export.xlsx"))),
    ]

    for text in texts:
        assert NUMBER not in text
        assert MASKED in text


def test_nobody_elses_rows_are_shown(client, me):
    world.entry(world.learner(name="欧阳他人"), title="欧阳的班")

    assert "欧阳" not in client.get("/me/data/").content.decode()
    assert "欧阳" not in body(client.get("/me/data/export.json")).decode()


def sheets(answer):
    book = CalamineWorkbook.from_filelike(io.BytesIO(body(answer)))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_the_json_holds_every_table_and_is_noted(client, me):
    answer = client.get("/me/data/export.json")
    data = json.loads(body(answer))

    tables = {table["title"]: table["rows"] for table in data["holdings"]}
    assert data["staff_number"] == me.staff_number
    assert tables["学时台账"][0]["事由"] == "=SUM(A1) 专题班"
    assert tables["基本资料"][0]["姓名"] == "吴晓芸"
    assert "attachment" in answer["Content-Disposition"]
    row = JournalEntry.objects.get(action="people.own_data_exported")
    assert (row.actor, row.subject, row.detail) == (me, me, {"form": "json"})


def test_a_long_table_stays_one_json_object(client, me):
    for number in range(401):
        record(action="video.retry", by=me, at=database_now(), reason=str(number))

    data = json.loads(body(client.get("/me/data/export.json")))

    rows = next(table["rows"] for table in data["holdings"] if table["title"] == "操作日志")
    assert len([row for row in rows if row["操作"] == "重新转码"]) == 401


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_spreadsheet_has_a_sheet_for_each_table_and_no_formula(client, me, language):
    with translation.override(language):
        client.cookies["django_language"] = language
        found = sheets(client.get("/me/data/export.xlsx"))

    first, *others = found.values()
    assert len(others) == sum(1 for row in first[1:] if row[2] not in ("0", 0))
    assert "=SUM(A1) 专题班" in str(others)


def test_the_page_says_who_looked_when_and_why(client, me):
    admin = world.holder(Role.UNIT_ADMIN)
    reveal_id_number(person=me, reason="核对任职文件", by=admin, at=database_now())
    record(action="people.data_read", by=admin, at=database_now(), obj=me, outcome="refused")

    page = client.get("/me/data/")

    assert [r["entry"].actor for r in page.context["readings"]] == [admin]
    assert "核对任职文件" in page.content.decode()


def test_a_correction_is_asked_for_and_its_state_and_answer_shown(client, me):
    asked = {"about": "contact", "wrong": "手机号停用了", "wished": "13905780000"}

    page = client.post("/me/data/corrections/", asked, follow=True).content.decode()

    request = CorrectionRequest.objects.get()
    assert (request.person, request.state) == (me, "waiting")
    assert "待处理" in page
    admin = world.holder(Role.UNIT_ADMIN)
    answer_correction(
        request=request, state="changed", answer="已按新号更新", by=admin, at=database_now()
    )
    page = client.get("/me/data/").content.decode()
    assert "已改" in page
    assert "已按新号更新" in page


@pytest.mark.parametrize(
    ("changes", "status", "said"),
    [
        ({"wished": f"应为 {NUMBER}"}, 400, "请不要在这里写身份证号全号"),
        ({"wrong": ""}, 400, ""),
        ({"about": "salary"}, 400, ""),
        ({"wished": "\x00"}, 400, ""),
    ],
)
def test_a_correction_that_cannot_be_taken_says_why_and_keeps_what_was_typed(
    client, me, changes, status, said
):
    asked = {"about": "other", "wrong": "职务写错了", "wished": "主任"} | changes

    answer = client.post("/me/data/corrections/", asked)

    assert answer.status_code == status
    assert said in answer.content.decode()
    assert not CorrectionRequest.objects.exists()


def test_nobody_asks_in_another_persons_name(client, me):
    other = world.learner()
    asked = {"about": "other", "wrong": "职务写错了", "wished": "主任", "person": other.pk,
             "state": "changed", "answer": "改"}  # fmt: skip

    client.post("/me/data/corrections/", asked)

    request = CorrectionRequest.objects.get()
    assert (request.person, request.state, request.answer) == (me, "waiting", "")


def test_the_number_of_queries_does_not_grow_with_what_is_kept(
    client, me, django_assert_max_num_queries
):
    def queries():
        with django_assert_max_num_queries(120) as counted:
            client.get("/me/data/")
        return len(counted)

    queries()
    few = queries()
    for number in range(12):
        world.entry(me)
        record(action="people.data_read", by=world.learner(), at=database_now(), obj=me)
        ask_correction(about="other", wrong="错", wished="对", by=world.learner(), at=world.NOON)
        if number < 5:
            ask_correction(about="other", wrong="错", wished="对", by=me, at=world.NOON)

    assert queries() <= few + 5  # the tables of corrections are no longer empty


def test_visitors_are_sent_to_sign_in():
    for address in ("/me/data/", "/me/data/export.json", "/me/data/export.xlsx"):
        assert Client().get(address).status_code == 302


def test_the_account_menu_leads_there(client, me):
    assert 'href="/me/data/"' in client.get("/courses/").content.decode()
