"""The confined side: reads one spreadsheet and prints its cells, one JSON line a row.

Run in the jail as `python -I -S reader.py PLAN`; PLAN is JSON: path, suffix, rows, columns, only (0:
all), packages (folder the spreadsheet library lies in), unpacked_bytes. Standard library and
calamine only. Lines: `{"layout": …}` first, then `[row number, [cell, …]]`, last `{"end": true}`; or
`{"refused": code}`. Whatever the file does to this process, it does to nothing else.
"""

import codecs
import csv
import io
import json
import re
import sys
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

LONGEST_SENT = 501  # one more than a cell may have, so that the other side sees it is too long
LONGEST_FIELD = 4_000_000
SAMPLE_ROWS = 20
DELIMITERS = ",;\t"
MAX_MEMBERS, MAX_RATIO = 1_000, 200
ZIP_START, OLE_START = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
HTML = re.compile(
    rb"\s*(?:<!doctype\s+html|<html|<head|<body|<table|<meta|<script|<\?xml)", re.IGNORECASE
)
NO_TEXT = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"{\\rtf",
    b"\x1f\x8b",
)
BOMS = (
    (codecs.BOM_UTF8, "UTF-8"),
    (codecs.BOM_UTF16_LE, "UTF-16-LE"),
    (codecs.BOM_UTF16_BE, "UTF-16-BE"),
)  # fmt: skip
ROW_TAG, LAST_ROWS = re.compile(rb"<(?:\w+:)?row[\s>]"), 40
FAR_COLUMN = re.compile(rb'\br="[A-Z]{3,}[0-9]+"')


class Refused(Exception):
    """Not a file we read; the text is the code."""


def main() -> None:
    plan = json.loads(sys.argv[1])
    sys.path.append(plan["packages"])
    say = sys.stdout.write
    try:
        layout, rows = open_file(plan)
        say(json.dumps({"layout": layout}) + "\n")
        for number, cells in kept(rows, plan):
            say(json.dumps([number, cells]) + "\n")
        say('{"end": true}\n')
    except Refused as refusal:
        say(json.dumps({"refused": str(refusal)}) + "\n")


def open_file(plan: dict[str, Any]) -> tuple[dict[str, Any], Iterator[tuple[int, list[Any]]]]:
    with open(plan["path"], "rb") as file:
        head = file.read(4096)
    refuse_foreign(head, plan["suffix"])
    if plan["suffix"] == ".xlsx":
        look_into_zip(plan)
        return open_workbook(plan)
    return open_text(plan)


def refuse_foreign(head: bytes, suffix: str) -> None:
    if not head.strip(b"\xef\xbb\xbf \t\r\n\x00"):
        raise Refused("empty_file")
    if HTML.match(head.removeprefix(codecs.BOM_UTF8)):
        raise Refused("html_inside")
    if head.startswith(OLE_START):
        raise Refused("old_workbook")
    if suffix == ".xlsx" and not head.startswith(ZIP_START):
        raise Refused("not_a_workbook")
    if suffix == ".csv" and head.startswith((ZIP_START, *NO_TEXT)):
        raise Refused("not_a_table")


def kept(
    rows: Iterable[tuple[int, list[Any]]], plan: dict[str, Any]
) -> Iterator[tuple[int, list[Any]]]:
    """Rows with something in them, cells shortened; caps hold while reading."""
    count = 0
    for number, cells in rows:
        while cells and cells[-1] in ("", None):
            cells.pop()
        if not any(not isinstance(cell, str) or cell.strip() for cell in cells):
            continue
        if len(cells) > plan["columns"]:
            raise Refused("too_many_columns")
        count += 1
        if count > plan["rows"]:
            raise Refused("too_many_rows")
        yield number, [plain(cell) for cell in cells]
        if count == plan["only"]:
            return


def plain(cell: Any) -> Any:
    if isinstance(cell, str):
        return cell[:LONGEST_SENT]
    if isinstance(cell, bool | int | float):
        return cell
    return cell.isoformat() if hasattr(cell, "isoformat") else str(cell)[:LONGEST_SENT]


# Text


def open_text(plan: dict[str, Any]) -> tuple[dict[str, Any], Iterator[tuple[int, list[Any]]]]:
    with open(plan["path"], "rb") as file:
        raw = file.read()
    encoding, text = decoded(raw)
    if text.count("\x00") > len(text) // 20:
        raise Refused("not_a_table")
    csv.field_size_limit(LONGEST_FIELD)
    delimiter = best_delimiter(text)
    layout = {"format": "csv", "encoding": encoding, "delimiter": delimiter}
    return layout | {"total": text.count("\n") + 1}, text_rows(text, delimiter)


def decoded(raw: bytes) -> tuple[str, str]:
    """Encoding and text. Bytes that fit no encoding become lone surrogates, and their rows errors."""
    for bom, name in BOMS:
        if raw.startswith(bom):
            way = "surrogateescape" if name == "UTF-8" else "replace"
            return name, raw[len(bom) :].decode(name, way)
    try:
        return "UTF-8", raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    # One damaged row does not make UTF-8 into GB18030, which reads almost any bytes as something.
    text = raw.decode("utf-8", "surrogateescape")
    bad = sum("\udc80" <= character <= "\udcff" for character in text)
    good = sum(character > "\x7f" for character in text) - bad
    if good > 10 * bad:
        return "UTF-8", text
    return "GB18030", raw.decode("gb18030", "surrogateescape")


def best_delimiter(text: str) -> str:
    """The one that splits the first rows into most columns, as evenly as it can."""

    def columns(delimiter: str) -> int:
        rows = []
        for row in csv.reader(io.StringIO(text[:100_000], newline=""), delimiter=delimiter):
            rows.append(len(row))
            if len(rows) == SAMPLE_ROWS:
                break
        width, times = Counter(rows).most_common(1)[0]
        return width * times if width > 1 else 0

    return max(DELIMITERS, key=columns)


def text_rows(text: str, delimiter: str) -> Iterator[tuple[int, list[Any]]]:
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        yield from enumerate(rows, start=1)
    except csv.Error as error:
        raise Refused("not_a_table") from error


# Workbooks


def look_into_zip(plan: dict[str, Any]) -> None:
    """Refuse bombs, macros and other packages before a parser sees them; count the rows (security 9)."""
    try:
        with zipfile.ZipFile(plan["path"]) as package:
            members = package.infolist()
            names = {member.filename.lower() for member in members}
            if len(members) > MAX_MEMBERS:
                raise Refused("unpacked_too_large")
            if any("vbaproject" in name or "macrosheets/" in name for name in names):
                raise Refused("macro_file")
            if not {"[content_types].xml", "xl/workbook.xml"} <= names:
                raise Refused("not_a_workbook")
            if any(member.flag_bits & 1 for member in members):
                raise Refused("old_workbook")
            left = plan["unpacked_bytes"]
            for member in members:
                left -= unpacked_size(package, member, left=left, plan=plan)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError) as error:
        raise Refused("not_a_workbook") from error


def unpacked_size(
    package: zipfile.ZipFile, member: zipfile.ZipInfo, *, left: int, plan: dict[str, Any]
) -> int:
    """Bytes a member really unpacks to; headers may lie."""
    size = rows = 0
    is_sheet = member.filename.lower().startswith("xl/worksheets/")
    ceiling = max(MAX_RATIO * member.compress_size, 10_000_000)
    tail = b""
    with package.open(member) as stream:
        while piece := stream.read(1 << 20):
            size += len(piece)
            if size > left or size > ceiling:
                raise Refused("unpacked_too_large")
            if is_sheet:
                joined = tail + piece
                rows += len(ROW_TAG.findall(joined)) - len(ROW_TAG.findall(tail))
                if FAR_COLUMN.search(joined):
                    raise Refused("too_many_columns")
                tail = piece[-LAST_ROWS:]
        if rows > 5 * plan["rows"]:
            raise Refused("too_many_rows")
    return size


def open_workbook(plan: dict[str, Any]) -> tuple[dict[str, Any], Iterator[tuple[int, list[Any]]]]:
    """The first visible sheet. Formulas come as the value the file says they had."""
    import python_calamine  # noqa: PLC0415 - its folder is known only now

    try:
        book = python_calamine.CalamineWorkbook.from_path(plan["path"])
        visible = [
            at
            for at, sheet in enumerate(book.sheets_metadata)
            if sheet.visible == python_calamine.SheetVisibleEnum.Visible
            and sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]
        if not visible:
            raise Refused("empty_file")
        sheet = book.get_sheet_by_index(visible[0])
    except python_calamine.CalamineError as error:
        raise Refused("not_a_workbook") from error
    layout = {
        "format": "xlsx",
        "sheet": sheet.name[:60],
        "other_sheets": len(visible) - 1,
        "total": sheet.height,
    }
    return layout, sheet_rows(sheet)


def sheet_rows(sheet: Any) -> Iterator[tuple[int, list[Any]]]:
    """Rows as they are numbered in the sheet; the columns before the first used one count too."""
    if sheet.start is None:
        return
    before = [""] * sheet.start[1]
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        yield number, before + list(cells)


if __name__ == "__main__":
    main()
