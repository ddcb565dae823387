"""One long sheet as XLSX, sent while it is written: no file on disk, memory that does not grow.

Strings stay strings (security 8) and figures figures; there is nothing else in the file. For books of
several sheets, or of rows that must all be known before the first byte: lms.common.workbook.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import count
from typing import IO, cast
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

Cell = str | int | Decimal | None
PIECE_ROWS = 500
COMPRESSION = 1  # a third of the time of the usual level, for a file a tenth larger
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_RELATIONS}/styles" Target="styles.xml"/></Relationships>',
    # Style 1 is the heading's: bold, a line below.
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><fonts count="2">'
    '<font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>'
    '<border><left/><right/><top/><bottom style="medium"/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="1" xfId="0" applyFont="1" applyBorder="1"/>'
    '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>",
}  # fmt: skip
# What XML cannot hold, and what Excel would read as such a character.
_IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


class _Outlet:
    """What ZipFile writes into; it cannot be sought, so ZipFile never looks back."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def taken(self) -> bytes:
        piece = b"".join(self._pieces)
        self._pieces.clear()
        return piece


def sheet_stream(
    *,
    name: str,
    heads: Sequence[tuple[str, int]],
    rows: Iterable[Sequence[Cell]],
    at: datetime,
) -> Iterator[bytes]:
    """The file in pieces. `heads` are titles with widths in characters; at most 26 columns."""
    outlet = _Outlet()
    with ZipFile(cast(IO[bytes], outlet), "w", ZIP_DEFLATED, compresslevel=COMPRESSION) as book:
        for part, text in (_PARTS | {"xl/workbook.xml": _workbook(name)}).items():
            book.writestr(_entry(part, at), _HEAD + text)
        with book.open(_entry("xl/worksheets/sheet1.xml", at), "w", force_zip64=True) as sheet:
            sheet.write((_HEAD + _beginning(heads)).encode())
            numbers, waiting = count(2), []
            for row in rows:
                waiting.append(_row(next(numbers), row))
                if len(waiting) == PIECE_ROWS:
                    sheet.write("".join(waiting).encode())
                    waiting.clear()
                    if piece := outlet.taken():
                        yield piece
            sheet.write(("".join(waiting) + "</sheetData></worksheet>").encode())
    yield outlet.taken()


def _entry(part: str, at: datetime) -> ZipInfo:
    """The same rows at the same time give the same bytes."""
    entry = ZipInfo(part, at.astimezone(UTC).timetuple()[:6])
    entry.compress_type = ZIP_DEFLATED
    return entry


def _workbook(name: str) -> str:
    return (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>'
        f'<sheet name={quoteattr(name[:31])} sheetId="1" r:id="rId1"/></sheets></workbook>'
    )


def _beginning(heads: Sequence[tuple[str, int]]) -> str:
    columns = "".join(
        f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>'
        for at, (_title, width) in enumerate(heads, start=1)
    )
    cells = "".join(
        f'<c r="{letter}1" s="1"{_string(title)}'
        for letter, (title, _width) in zip(LETTERS, heads, strict=False)
    )
    return (
        f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView>'
        f'</sheetViews><cols>{columns}</cols><sheetData><row r="1">{cells}</row>'
    )


def _row(number: int, cells: Sequence[Cell]) -> str:
    written = [f'<row r="{number}">']
    for letter, cell in zip(LETTERS, cells, strict=False):
        if cell is None or cell == "":
            continue
        value = _string(cell) if isinstance(cell, str) else f"><v>{cell}</v></c>"
        written.append(f'<c r="{letter}{number}"{value}')
    written.append("</row>")
    return "".join(written)


@lru_cache(maxsize=8192)
def _string(text: str) -> str:
    """The rest of a cell, after its place: units and titles come again and again."""
    clean = _LOOKS_ESCAPED.sub("_x005F_", _IMPOSSIBLE.sub("\u25a1", text))
    return f' t="inlineStr"><is><t xml:space="preserve">{escape(clean)}</t></is></c>'
