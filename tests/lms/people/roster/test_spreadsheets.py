"""What people download: cells are text, and the error file can be mended and imported again."""

import csv
from io import StringIO

import pytest

from lms.common.clock import database_now
from lms.people.models import Person, RosterImport, RosterRejection
from lms.people.roster import spreadsheets
from lms.people.roster.importing import import_roster
from lms.people.roster.reading import opened
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def roster(places) -> RosterImport:
    roster = RosterImport.objects.create(
        created_by=world.learner(), created_at=database_now(), file_name="a.csv", file_digest="0" * 64,
        headings=["姓名", "人员编号", "单位编码", "手机号"],
    )  # fmt: skip
    formula = ["=cmd|' /C calc'!A0", "000123", "331124107", "+86138"]
    for row, column, code, message, cells in [
        (2, "姓名", "bad_name", "姓名不像。", formula),
        (2, "手机号", "bad_phone", "手机号不对。", formula),
        (5, "单位编码", "unit_unknown", "没有这个单位。", ["李四", "0002", "9"]),
    ]:
        RosterRejection.objects.create(
            roster=roster, row=row, column=column, code=code, message=message, cells=cells
        )
    return roster


def cells_of(content: bytes, name: str, tmp_path) -> list:
    path = tmp_path / name
    path.write_bytes(content)
    with opened(path, name=name) as sheet:
        return [list(sheet.heading.texts), *(cells for _number, cells in sheet.rows)]


def test_each_row_comes_once_with_all_that_is_wrong_with_it(roster, tmp_path):
    rows = cells_of(spreadsheets.rejected_workbook(roster), "a.xlsx", tmp_path)

    assert rows[0] == ["姓名", "人员编号", "单位编码", "手机号", *spreadsheets.REASONS]
    assert rows[1] == [
        "=cmd|' /C calc'!A0", "000123", "331124107", "+86138", "2", "姓名；手机号",
        "bad_name；bad_phone", "姓名不像。手机号不对。",
    ]  # fmt: skip
    assert rows[2][:6] == ["李四", "0002", "9", "", "5", "单位编码"]


def test_no_cell_of_the_text_file_is_run_as_a_formula(roster):
    text = spreadsheets.rejected_text(roster).decode("utf-8-sig")

    rows = list(csv.reader(StringIO(text)))
    assert rows[1][0] == "'=cmd|' /C calc'!A0"
    assert rows[1][3] == "'+86138"


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_mended_error_file_can_be_imported_as_it_is(roster, tmp_path, kind):
    roster.rejections.filter(row=5).update(cells=["李四", "0002", "331124107", "+8613857800001"])
    roster.rejections.filter(row=2).delete()
    write = {"xlsx": spreadsheets.rejected_workbook, "csv": spreadsheets.rejected_text}[kind]
    path = tmp_path / f"mended.{kind}"
    path.write_bytes(write(roster))

    result = import_roster(path=path, by=None, at=database_now())

    assert result.as_json()["rejected"] == []
    assert Person.objects.get(staff_number="0002").phone == "13857800001"


def test_the_template_has_every_column_as_text_and_the_codes_of_the_units(places, tmp_path):
    content = spreadsheets.template_workbook([places.town, places.next_town])

    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    with opened(path, name="a.xlsx") as sheet:
        assert sheet.heading.missing == []
        assert len(sheet.heading.columns) == 10
        assert sheet.layout["other_sheets"] == 1


def test_the_text_template_has_the_same_columns(tmp_path):
    [heading] = cells_of(spreadsheets.template_text(), "a.csv", tmp_path)

    assert heading[:3] == ["姓名", "人员编号", "单位编码"]
