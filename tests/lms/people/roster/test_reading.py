"""Files as they come, hostile ones included: read in a process that can do nothing else."""

import sys
import zipfile
from io import BytesIO
from pathlib import Path

import psutil
import pytest

from lms.people.roster import reading
from lms.people.roster.errors import RosterRefused
from lms.people.roster.reading import opened, sample
from tests.rosters import text_of

PEOPLE = [["张三", "000123", "331124107"], ["李四", "0002", "331124102"]]
HEADINGS = ["姓名", "人员编号", "单位编码"]


def cells_of(path: Path) -> list:
    with opened(path, name=path.name) as sheet:
        return [cells for _number, cells in sheet.rows]


def refusal_of(path: Path) -> str:
    with pytest.raises(RosterRefused) as refused:
        cells_of(path)
    return refused.value.code


def written(tmp_path: Path, name: str, content: bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


def repacked(path: Path, **members: bytes) -> Path:
    """The workbook with members added or replaced."""
    held = BytesIO(path.read_bytes())
    with zipfile.ZipFile(held) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            if member.filename not in members:
                new.writestr(member, old.read(member))
        for name, content in members.items():
            new.writestr(name, content)
    return path


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("gb18030", "GB18030"),
        ("gbk", "GB18030"),
        ("utf-16", "UTF-16-LE"),
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encoding_and_delimiter_are_found_and_codes_keep_their_zeros(
    text_file, encoding, told, delimiter
):
    path = text_file(PEOPLE, HEADINGS, encoding=encoding, delimiter=delimiter)

    with opened(path, name=path.name) as sheet:
        assert (sheet.layout["encoding"], sheet.layout["delimiter"]) == (told, delimiter)
        assert [cells for _number, cells in sheet.rows] == PEOPLE


def test_one_damaged_row_does_not_turn_utf_8_into_gb18030(text_file):
    path = text_file([["张三丰", "1", "331124107"]] * 20 + [["坏字", "2", "331124107"]], HEADINGS)
    path.write_bytes(path.read_bytes().replace("坏字".encode(), "坏".encode() + b"\xed\xa0\x80"))

    with opened(path, name=path.name) as sheet:
        rows = list(sheet.rows)

    assert sheet.layout["encoding"] == "UTF-8"
    assert rows[0] == (2, ["张三丰", "1", "331124107"])
    assert rows[20][1][0] == "坏\udced\udca0\udc80"


def test_a_workbook_keeps_text_codes_and_tells_number_cells_apart(workbook):
    path = workbook([["张三", "000123", 331124107], ["李四", 6, "033"]], HEADINGS)

    assert cells_of(path) == [["张三", "000123", 331124107.0], ["李四", 6.0, "033"]]


def test_formulas_are_read_as_what_they_showed_and_never_computed(tmp_path, workbook):
    path = workbook([["李四", "=1+1", "331124107"]], HEADINGS)

    assert cells_of(path) == [["李四", "=1+1", "331124107"]]


def test_rows_are_numbered_as_in_the_sheet_and_blank_ones_left_out(text_file):
    path = text_file([], HEADINGS)
    path.write_text("松阳县名册\n\n" + path.read_text() + "张三,1,2\n,,\n\n李四,2,2\n")

    with opened(path, name=path.name) as sheet:
        assert [number for number, _cells in sheet.rows] == [4, 7]
    assert sheet.heading.row == 3


def test_the_head_alone_is_read_for_the_columns(text_file):
    path = text_file([[f"人{n}", str(n), "331124107"] for n in range(500)], HEADINGS)

    sheet, rows = sample(path, name=path.name)

    assert sheet.heading.columns == {"name": 0, "staff_number": 1, "unit_code": 2}
    assert len(rows) < 30


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.csv", b"", "empty_file"),
        ("a.csv", b"\xef\xbb\xbf \r\n", "empty_file"),
        ("a.xlsx", b"<html><table><tr><td>x</td></tr></table>", "html_inside"),
        ("a.csv", b"\xef\xbb\xbf  <!DOCTYPE html><p>", "html_inside"),
        ("a.xlsx", b"%PDF-1.7 and so on", "not_a_workbook"),
        ("a.xlsx", b"PK\x03\x04 cut off", "not_a_workbook"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_workbook"),
        ("a.csv", b"PK\x03\x04 a workbook", "not_a_table"),
        ("a.csv", b"%PDF-1.7", "not_a_table"),
        ("a.csv", b"a\x00\x00\x00\x00b" * 100, "not_a_table"),
        ("a.xls", b"anything", "old_workbook"),
        ("a.xlsm", b"anything", "macro_file"),
        ("a.pdf", b"anything", "name_refused"),
        ("roster", b"anything", "name_refused"),
    ],
)
def test_what_is_no_roster_is_refused_by_what_it_is(tmp_path, name, content, code):
    assert refusal_of(written(tmp_path, name, content)) == code


def test_a_file_larger_than_allowed_is_not_even_opened(text_file, settings):
    settings.QIANGJI = settings.QIANGJI | {"ROSTER_MAX_BYTES": 10}

    assert refusal_of(text_file(PEOPLE, HEADINGS)) == "file_too_large"


def test_macros_are_refused(workbook):
    path = repacked(workbook(PEOPLE, HEADINGS), **{"xl/vbaProject.bin": b"code"})

    assert refusal_of(path) == "macro_file"


def test_another_kind_of_package_is_no_workbook(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as package:
        package.writestr("word/document.xml", "<a/>")

    assert refusal_of(tmp_path / "a.xlsx") == "not_a_workbook"


def test_a_zip_bomb_is_refused_before_a_parser_sees_it(workbook):
    bomb = repacked(workbook(PEOPLE, HEADINGS), **{"xl/media/bomb.bin": bytes(300_000_000)})

    assert bomb.stat().st_size < 1_000_000
    assert refusal_of(bomb) == "unpacked_too_large"


def test_a_sheet_that_reaches_to_the_last_column_is_refused(workbook):
    cell = b'<c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c>'
    sheet = (
        b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576">%s</row></sheetData></worksheet>'
    ) % cell

    path = repacked(workbook(PEOPLE, HEADINGS), **{"xl/worksheets/sheet1.xml": sheet})

    assert refusal_of(path) == "too_many_columns"


def test_a_sheet_of_one_far_row_costs_the_reader_and_nobody_else(workbook):
    """Two cells span a range of 300 million: the reader runs into its memory limit and is refused."""
    sheet = (
        b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
        b'<row r="1048576"><c r="ZZ1048576"><v>1</v></c></row></sheetData></worksheet>'
    )

    path = repacked(workbook(PEOPLE, HEADINGS), **{"xl/worksheets/sheet1.xml": sheet})

    assert refusal_of(path) == "reader_stopped"


def test_200_001_rows_are_too_many_and_200_000_are_not(tmp_path):
    rows = "".join(f"人,{n},331124107\n" for n in range(200_000))
    path = written(tmp_path, "a.csv", f"姓名,人员编号,单位编码\n{rows}".encode())

    assert len(cells_of(path)) == 200_000
    with path.open("a") as file:
        file.write("人,200000,331124107\n")
    assert refusal_of(path) == "too_many_rows"


def test_65_columns_are_too_many(text_file):
    wide = [*HEADINGS, *(f"列{n}" for n in range(61))]

    assert len(cells_of(text_file([["x"] * 64], wide[:64]))[0]) == 64
    assert refusal_of(text_file([["x"] * 65], [*wide, "列"])) == "too_many_columns"


def test_a_cell_of_a_million_marks_is_cut_before_it_crosses(text_file):
    path = text_file([["a" + "\u0301" * 1_000_000, "1", "331124107"]], HEADINGS)

    assert len(cells_of(path)[0][0]) == 501


def test_a_reader_that_is_killed_is_a_refusal_and_no_half_file(text_file):
    path = text_file([[f"人{n}", str(n), "331124107"] for n in range(50_000)], HEADINGS)
    others = set(psutil.Process().children())  # the servers of the test run

    with opened(path, name=path.name) as sheet:
        next(sheet.rows)
        for reader in set(psutil.Process().children()) - others:
            reader.kill()
        with pytest.raises(RosterRefused) as refused:
            list(sheet.rows)

    assert refused.value.code == "reader_stopped"


def test_a_reader_that_takes_too_long_is_stopped(text_file, monkeypatch):
    monkeypatch.setattr(reading, "READ_SECONDS", 0)

    assert refusal_of(text_file(PEOPLE, HEADINGS)) == "reader_stopped"
    children = [c for c in psutil.Process().children() if c.status() != psutil.STATUS_ZOMBIE]
    assert not [c for c in children if "reader.py" in " ".join(c.cmdline())]


def test_the_reader_reads_its_file_and_no_other(tmp_path):
    """The jail shows it one file: a path beside it is refused by the kernel."""
    secret = written(tmp_path, "secret.csv", text_of(PEOPLE, HEADINGS).encode())
    path = tmp_path / "a.csv"
    path.write_bytes(b"x")
    with reading._reader(path, ".csv", rows=10) as running:
        argument = running.process.args[-1].replace("a.csv", "secret.csv")
        plan = [*running.process.args[:-1], argument]
    with reading.confined(plan[5], plan[6:], bounds=bounds_for(path)) as running:
        said = b"".join(running.pieces())
        complaints = running.complaints

    assert secret.exists()
    assert said == b""
    assert "PermissionError" in complaints


def bounds_for(path: Path) -> reading.Bounds:
    return reading.Bounds(
        seconds=20,
        reads=[path, reading.READER, reading._packages(), Path(sys.base_prefix)],
    )
