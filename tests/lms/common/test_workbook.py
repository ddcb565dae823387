import zipfile
from datetime import UTC, datetime

from lms.common.workbook import WorkbookWriter

AT = datetime(2026, 11, 20, tzinfo=UTC)


def sheets(path):
    with zipfile.ZipFile(path) as packed:
        return [
            packed.read(name).decode()
            for name in sorted(packed.namelist())
            if name.startswith("xl/worksheets/sheet")
        ]


def test_every_cell_is_text_so_codes_keep_their_zeros_and_nothing_computes(tmp_path):
    book = WorkbookWriter(tmp_path / "a.xlsx", ["人员编号", "姓名"], created_at=AT)
    book.write(["0010", "=1+1"])
    book.close()

    [sheet] = sheets(tmp_path / "a.xlsx")
    assert "<t>0010</t>" in sheet
    assert "<t>=1+1</t>" in sheet
    assert "<f>" not in sheet
    assert "<v>" not in sheet


def test_a_full_sheet_is_followed_by_another_with_its_own_head(tmp_path):
    book = WorkbookWriter(tmp_path / "a.xlsx", ["编号"], created_at=AT, sheet_rows=3)
    for number in range(4):
        book.write([f"n{number}"])
    book.close()

    first, second = sheets(tmp_path / "a.xlsx")
    assert first.count("<row") == 3
    assert "<t>编号</t>" in second
    assert "<t>n3</t>" in second


def test_the_same_rows_give_the_same_file(tmp_path):
    for name in ("one", "two"):
        book = WorkbookWriter(tmp_path / name, ["编号"], created_at=AT)
        book.write(["1"])
        book.close()

    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
