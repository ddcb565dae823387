"""A long sheet sent while it is written."""

from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from lms.common.sheet_stream import PIECE_ROWS, sheet_stream

AT = datetime(2026, 11, 20, tzinfo=UTC)
HEADS = [("人员编号", 18), ("学时", 10), ("备注", 20)]


def stream(rows, heads=HEADS):
    return sheet_stream(name="名单 & 学时", heads=heads, rows=rows, at=AT)


def read(rows) -> list[list]:
    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(stream(rows))))
    assert book.sheet_names == ["名单 & 学时"]
    return book.get_sheet_by_index(0).to_python()


def sheet_of(rows) -> str:
    with ZipFile(BytesIO(b"".join(stream(rows)))) as packed:
        assert packed.testzip() is None
        return packed.read("xl/worksheets/sheet1.xml").decode()


def test_strings_stay_strings_and_figures_figures():
    rows = [["0010", Decimal("0.50"), "=1+1"], ["000", 7, "<&>\"'"]]

    assert read(rows) == [["人员编号", "学时", "备注"], ["0010", 0.5, "=1+1"], ["000", 7, "<&>\"'"]]
    assert "<f>" not in sheet_of(rows)


def test_an_empty_cell_leaves_those_after_it_in_their_column():
    assert read([["", None, "末列"]])[1] == ["", "", "末列"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a\x00b\x1f", "a□b□"), ("末\ufffe", "末□"), (" 两边空 ", " 两边空 ")],
)
def test_characters_that_xml_cannot_hold_break_no_file(text, shown):
    assert read([[text, None, ""]])[1][0] == shown


def test_text_that_looks_like_an_escape_is_not_read_as_one():
    assert '<t xml:space="preserve">_x005F_x0041_</t>' in sheet_of([["_x0041_", None, ""]])


def test_pieces_come_while_rows_are_still_being_read():
    taken = []

    def rows():
        for number in range(PIECE_ROWS * 200):
            taken.append(number)
            yield [f"编号{number}", number, ""]

    pieces = stream(rows())

    assert next(pieces)
    assert len(taken) < PIECE_ROWS * 20
    assert len(b"".join(pieces)) > 0
    assert len(taken) == PIECE_ROWS * 200


def test_the_same_rows_at_the_same_time_are_the_same_file():
    assert b"".join(stream([["1", 2, ""]])) == b"".join(stream([["1", 2, ""]]))


def test_a_sheet_without_rows_has_its_heading():
    assert read([]) == [["人员编号", "学时", "备注"]]
