from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.people import urls as people_urls
from lms.people.roster.rules import RESERVED, Wrong, checked_row, shown, value_of

TODAY = date(2026, 11, 24)
COLUMNS = {"name": 0, "staff_number": 1, "unit_code": 2, "phone": 3, "from_date": 4}


@pytest.mark.parametrize(
    ("field", "cell", "value"),
    [
        ("name", " 张　三 ", "张三"),
        ("name", "阿依古丽•买买提", "阿依古丽·买买提"),
        ("name", "张三\u200b", "张三"),
        ("name", "John Smith", "John Smith"),
        ("staff_number", "000123", "000123"),
        ("staff_number", "０００１２３", "000123"),
        ("staff_number", 6.0, "6"),
        ("staff_number", 123456789012345, "123456789012345"),
        ("unit_code", "331124-A03", "331124-A03"),
        ("unit_code", 331124107.0, "331124107"),
        ("post_level", "乡科级正职", "township_level"),
        ("post_level", "科员", "staff"),
        ("phone", "138 5780-0001", "13857800001"),
        ("phone", "+8613857800001", "13857800001"),
        ("phone", 13857800001.0, "13857800001"),
        ("id_number", "11010519491231002x", "11010519491231002X"),
        ("email", "Zhang.San@LISHUI.gov.cn", "Zhang.San@lishui.gov.cn"),
        ("from_date", "2024年3月1日", date(2024, 3, 1)),
        ("from_date", "2024.3", date(2024, 3, 1)),
        ("from_date", 20240301.0, date(2024, 3, 1)),
        ("from_date", "2024-03-01T00:00:00", date(2024, 3, 1)),
        ("phone", "", None),
        ("title", "  ", None),
    ],
)
def test_cells_are_read_as_people_write_them(field, cell, value):
    assert value_of(field, cell) == value


@pytest.mark.parametrize(
    ("field", "cell", "code"),
    [
        ("name", "", "empty"),
        ("unit_code", "　", "empty"),
        ("name", "=cmd|' /C calc'!A0", "bad_name"),
        ("name", "@SUM(A1)", "bad_name"),
        ("name", "张" * 61, "too_long"),
        ("name", "张\x00三", "character_refused"),
        ("name", "张\ud800", "character_refused"),
        ("name", "张\u202e三", "character_refused"),
        ("name", "a" + "\u0301" * 400, "character_refused"),
        ("name", "a" + "\u0301" * 1_000_000, "too_long"),
        ("staff_number", "0" * 33, "too_long"),
        ("staff_number", "=1+1", "bad_code"),
        ("staff_number", "Import", "reserved_number"),
        ("staff_number", 1e17, "digits_lost"),
        ("staff_number", float("inf"), "digits_lost"),
        ("staff_number", float("nan"), "digits_lost"),
        ("id_number", 3.311241990010113e17, "digits_lost"),
        ("id_number", "110105194912310021", "bad_id_checksum"),
        ("id_number", "110105194913310020", "bad_id_number"),
        ("id_number", "11010519491231", "bad_id_number"),
        ("phone", "0578-8062345", "bad_phone"),
        ("phone", "12345678901", "bad_phone"),
        ("phone", "١٣٨٥٧٨٠٠٠٠١", "bad_phone"),
        ("email", "张三@lishui.gov.cn", "bad_email"),
        ("email", "a@b", "bad_email"),
        ("email", "a" * 255 + "@b.cn", "too_long"),
        ("post_level", "厅局级", "post_level_unknown"),
        ("from_date", "去年春天", "bad_date"),
        ("from_date", "2024-02-30", "bad_date"),
    ],
)
def test_a_cell_that_cannot_be_taken_has_a_code(field, cell, code):
    with pytest.raises(Wrong) as refused:
        value_of(field, cell)

    assert refused.value.code == code


def test_every_problem_of_a_row_is_told_not_only_the_first():
    row = checked_row(
        7, ["", "0001", "331124107", "123", "2030-01-01"], columns=COLUMNS, today=TODAY
    )

    assert [(p.column, p.code) for p in row.problems] == [
        ("name", "empty"), ("phone", "bad_phone"), ("from_date", "date_out_of_range"),
    ]  # fmt: skip
    assert (row.number, row.staff_number) == (7, "0001")


def test_a_short_row_has_empty_cells_at_its_end():
    row = checked_row(2, ["张三", "0001", "331124107"], columns=COLUMNS, today=TODAY)

    assert (row.problems, row.phone, row.is_number) == ([], None, False)


def test_a_number_cell_in_the_staff_number_is_remembered():
    row = checked_row(2, ["张三", 6.0, "331124107"], columns=COLUMNS, today=TODAY)

    assert (row.staff_number, row.is_number) == ("6", True)


@given(st.text() | st.floats() | st.integers() | st.booleans())
def test_no_cell_makes_a_reader_fail(cell):
    for field in ("name", "staff_number", "post_level", "phone", "id_number", "email", "from_date"):
        try:
            value_of(field, cell)
        except Wrong:
            assert "\x00" not in shown(cell)


def test_no_person_is_named_like_an_address_beside_theirs():
    """/people/roles/ is a page: a person numbered `roles` would have none."""
    first = {str(pattern.pattern).lstrip("^").split("/")[0] for pattern in people_urls.urlpatterns}

    assert {word for word in first if word.isalnum()} == RESERVED
