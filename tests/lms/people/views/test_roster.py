"""The pages from upload to result, as a unit administrator goes through them."""

import zipfile
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from lms.common.clock import database_now
from lms.people.models import Person, RosterImport
from lms.people.roles import Role
from lms.people.roster import jobs
from lms.people.roster.spreadsheets import REASONS
from lms.people.tasks import import_queued
from tests import world
from tests.rosters import Places, made_places, text_of

pytestmark = pytest.mark.django_db
TOWN, NEXT_TOWN = "331124107", "331124102"
HEADINGS = ["姓名", "工号", "单位代码", "备注"]
ROWS = [["张三", "000123", TOWN, ""], ["李四", "0002", TOWN, ""], ["=1+1", "0003", TOWN, ""]]


@pytest.fixture
def places() -> Places:
    return made_places()


@pytest.fixture
def admin(client, places, settings, tmp_path) -> Person:
    settings.MEDIA_ROOT = tmp_path / "uploads"
    person = world.holder(Role.UNIT_ADMIN, unit=places.town)
    client.force_login(person)
    return person


@pytest.fixture(autouse=True)
def woken(monkeypatch) -> list[int]:
    calls: list[int] = []
    monkeypatch.setattr(import_queued, "delay_on_commit", calls.append)
    return calls


def sent(client, rows=ROWS, headings=HEADINGS, *, name="名册.csv", content=None):
    content = text_of(rows, headings).encode("gb18030") if content is None else content
    return client.post(reverse("people:import-new"), {"file": SimpleUploadedFile(name, content)})


def address(name: str, roster: RosterImport, *more: str) -> str:
    return reverse(f"people:{name}", args=[roster.pk, *more])


def chosen(roster: RosterImport) -> dict[str, str]:
    return {f"column-{at}": name for name, at in roster.columns.items()}


def body(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def test_from_upload_to_result(client, admin, woken):
    sent(client)
    roster = RosterImport.objects.get()
    page = body(client, address("import", roster))
    assert "请核对每一列是什么" in page
    assert "编码 GB18030" in page
    assert "例如：000123、0002、0003" in page

    client.post(address("import-columns", roster), chosen(roster))
    assert woken == [roster.pk]
    assert "data-progress-url" in body(client, address("import", roster))
    progress = client.get(address("import-progress", roster)).json()
    assert (progress["state"], progress["progress"]) == ("running", 0)
    jobs.run_import(roster_id=roster.pk)

    page = body(client, address("import", roster))
    assert client.get(address("import-progress", roster)).json()["state"] == "preview"
    assert "会新增 2 人，变动 0 人" in page
    assert "写入这 2 人" in page
    assert "1 行有问题" in page
    assert "姓名“=1+1”不像一个姓名" in page
    assert not Person.objects.filter(staff_number="000123").exists()

    client.post(address("import-confirm", roster))
    jobs.run_import(roster_id=roster.pk)
    page = body(client, address("import", roster))
    assert "已新增 2 人，变动 0 人" in page
    assert "1 行没有导入" in page
    assert f'/people/activation/?roster={roster.pk}"' in page
    assert "给新增的 2 人发激活码" in page
    assert Person.objects.filter(staff_number="000123").exists()
    assert "名册.csv" in body(client, reverse("people:imports"))


def test_the_error_file_comes_in_both_forms_and_privately(client, admin):
    sent(client)
    roster = RosterImport.objects.get()
    client.post(address("import-columns", roster), chosen(roster))
    jobs.run_import(roster_id=roster.pk)

    text = client.get(address("import-rejected", roster, "csv"))
    book = client.get(address("import-rejected", roster, "xlsx"))

    assert "'=1+1,0003" in text.content.decode("utf-8-sig")
    assert book.content.startswith(b"PK")
    for answer in (text, book):
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["Content-Disposition"].startswith("attachment")


def test_an_error_file_that_comes_back_asks_nothing_about_its_own_columns(client, admin):
    sent(
        client,
        [["李四", "0002", TOWN, "5", "姓名", "empty", "请填上。"]],
        [*HEADINGS[:3], *REASONS],
    )
    roster = RosterImport.objects.get()

    page = body(client, address("import", roster))

    assert "错误清单自己加的四列" in page
    assert 'name="column-2"' in page
    assert 'name="column-3"' not in page


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.xlsx", b"<html></html>", "文件名是表格，里面其实是网页"),
        ("a.pdf", b"%PDF", "只收 .xlsx 和 .csv 文件"),
        ("a.csv", b"", "文件是空的"),
    ],
)
def test_a_file_that_is_not_taken_is_said_on_the_same_page(client, admin, name, content, sentence):
    answer = sent(client, name=name, content=content)

    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert not RosterImport.objects.exists()


def test_no_file_at_all_is_said_too(client, admin):
    answer = client.post(reverse("people:import-new"))

    assert answer.status_code == 400
    assert "还没有选文件" in answer.content.decode()


def test_foreign_rows_are_shown_and_stop_the_file_until_they_are_left_out(client, admin, places):
    sent(client, rows=[["张三", "000123", TOWN, ""], ["李四", "0002", NEXT_TOWN, ""]])
    roster = RosterImport.objects.get()
    client.post(address("import-columns", roster), chosen(roster))
    jobs.run_import(roster_id=roster.pk)
    assert "1 行不归你管理，要先去掉" in body(client, address("import", roster))

    page = client.post(address("import-confirm", roster), follow=True).content.decode()
    assert "有 1 行是别的单位的人，整个文件没有导入" in page
    jobs.run_import(roster_id=roster.pk)
    assert not Person.objects.filter(staff_number="000123").exists()

    client.post(address("import-confirm", roster), {"leave_out_foreign": "on"})
    jobs.run_import(roster_id=roster.pk)
    assert Person.objects.filter(staff_number="000123").exists()
    assert not Person.objects.filter(staff_number="0002").exists()


def test_a_role_column_is_marked_and_the_file_refused(client, admin):
    sent(
        client, rows=[["张三", "1", TOWN, "管理员"]], headings=["姓名", "工号", "单位代码", "角色"]
    )
    roster = RosterImport.objects.get()
    assert "名册不收" in body(client, address("import", roster))

    client.post(address("import-columns", roster), chosen(roster))
    jobs.run_import(roster_id=roster.pk)

    page = body(client, address("import", roster))
    assert "名册没有导入，什么都没有写入" in page
    assert "“角色”这一列要求设角色" in page


def test_a_column_sent_by_hand_that_is_no_field_is_not_found(client, admin, woken):
    sent(client)
    roster = RosterImport.objects.get()

    answer = client.post(
        address("import-columns", roster), chosen(roster) | {"column-3": "is_superuser"}
    )

    assert answer.status_code == 404
    assert woken == []


def test_the_same_field_chosen_twice_is_said(client, admin):
    sent(client)
    roster = RosterImport.objects.get()

    page = client.post(
        address("import-columns", roster), chosen(roster) | {"column-3": "name"}, follow=True
    )

    assert "同一项不能选两列" in page.content.decode()


def test_cancelling_is_a_button_and_stops_the_import(client, admin):
    sent(client)
    roster = RosterImport.objects.get()

    page = client.post(address("import-cancel", roster), follow=True).content.decode()

    assert "这次导入取消了，什么都没有写入" in page


def test_an_administrator_above_looks_on_and_does_not_act(client, admin, places):
    sent(client)
    roster = RosterImport.objects.get()
    client.force_login(world.holder(Role.UNIT_ADMIN, unit=places.county))

    assert client.get(address("import", roster)).status_code == 200
    page = client.post(address("import-cancel", roster), follow=True).content.decode()

    assert "只能由上传的人接着办" in page
    roster.refresh_from_db()
    assert roster.state == "mapping"


def test_an_administrator_beside_does_not_find_it(client, admin, places):
    sent(client)
    roster = RosterImport.objects.get()
    client.force_login(world.holder(Role.UNIT_ADMIN, unit=places.next_town))

    assert client.get(address("import", roster)).status_code == 404
    assert "名册.csv" not in body(client, reverse("people:imports"))


def test_the_template_lists_the_codes_of_ones_own_units_only(client, admin, tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(client.get(reverse("people:import-template", args=["xlsx"])).content)

    strings = unpacked(path, "xl/worksheets/sheet2.xml")

    assert TOWN in strings
    assert NEXT_TOWN not in strings


def test_the_template_leaves_out_units_that_are_closed(client, admin, places, tmp_path):
    places.next_town.path = f"{places.town.path}{NEXT_TOWN}/"
    places.next_town.closed_on = date(2026, 1, 1)
    places.next_town.save()

    test_the_template_lists_the_codes_of_ones_own_units_only(client, admin, tmp_path)


def unpacked(path, member: str) -> str:
    with zipfile.ZipFile(path) as package:
        return package.read(member).decode()


def test_the_number_of_queries_does_not_grow_with_the_rows(
    client, admin, django_assert_max_num_queries
):
    rows = [["", str(n), TOWN, ""] for n in range(3000)]
    sent(client, rows=rows)
    roster = RosterImport.objects.get()
    client.post(address("import-columns", roster), chosen(roster))
    jobs.run_import(roster_id=roster.pk)

    with django_assert_max_num_queries(20):
        page = body(client, address("import", roster))

    assert "3,000 行有问题" in page
    assert "先列出 50 处，共 3,000 处" in page


def test_old_details_are_gone_and_the_page_says_so(client, admin):
    sent(client)
    roster = RosterImport.objects.get()
    RosterImport.objects.update(purged_at=database_now(), state="done")

    assert "文件和错误明细已到期删除" in body(client, address("import", roster))
