"""Files people take away: a template to fill in, and the rows that were not imported, ready to mend.

Every cell is text: nothing computes, and codes keep their zeros (security 8).
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO, StringIO
from itertools import groupby

from xlsxwriter import Workbook

from lms.common.cells import safe_cell
from lms.people.models import RosterImport, Unit
from lms.people.roster.columns import LABELS

OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
REASONS = ("原来的行号", "问题所在", "问题代码", "怎么改")
WIDTHS = {"title": 24, "id_number": 22, "email": 26, "phone": 14, "post_level": 14}
BOM = "\ufeff"


def rejected_rows(roster: RosterImport) -> Iterator[list[str]]:
    """The heading, then each row once: its cells as they were, and all that is wrong with it."""
    width = len(roster.headings)
    yield [*roster.headings, *REASONS]
    problems = roster.rejections.order_by("row", "pk").iterator(chunk_size=2_000)
    for row, group in groupby(problems, key=lambda problem: problem.row):
        every = list(group)
        cells = [str(cell) for cell in every[0].cells[:width]]
        yield [
            *cells, *[""] * (width - len(cells)), str(row), "；".join(p.column for p in every),
            "；".join(p.code for p in every), "".join(p.message for p in every),
        ]  # fmt: skip


def rejected_workbook(roster: RosterImport) -> bytes:
    file = BytesIO()
    with Workbook(file, OPTIONS) as book:
        sheet = book.add_worksheet("没有导入的行")
        text = book.add_format({"num_format": "@"})
        sheet.set_column(0, max(0, len(roster.headings) - 1), 16, text)
        sheet.set_column(len(roster.headings) + 3, len(roster.headings) + 3, 60)
        for number, cells in enumerate(rejected_rows(roster)):
            for at, cell in enumerate(cells):
                sheet.write_string(number, at, cell, text)
    return file.getvalue()


def rejected_text(roster: RosterImport) -> bytes:
    return _text(rejected_rows(roster))


def template_workbook(units: Iterable[Unit]) -> bytes:
    """The columns, formatted as text so that zeros stay, and the codes of one's units beside them."""
    file = BytesIO()
    with Workbook(file, OPTIONS) as book:
        text = book.add_format({"num_format": "@"})
        head = book.add_format({"num_format": "@", "bold": True, "bottom": 2})
        sheet = book.add_worksheet("名册")
        for at, (name, label) in enumerate(LABELS.items()):
            sheet.set_column(at, at, WIDTHS.get(name, 16), text)
            sheet.write_string(0, at, label, head)
        codes = book.add_worksheet("单位编码对照")
        codes.set_column(0, 0, 18, text)
        codes.set_column(1, 1, 40)
        codes.write_string(0, 0, "单位编码", head)
        codes.write_string(0, 1, "单位名称", head)
        for number, unit in enumerate(units, start=1):
            codes.write_string(number, 0, unit.code, text)
            codes.write_string(number, 1, unit.name)
    return file.getvalue()


def template_text() -> bytes:
    return _text([list(LABELS.values())])


def _text(rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with a mark, as spreadsheet programs expect it."""
    file = StringIO(BOM, newline="")
    file.seek(0, 2)
    csv.writer(file).writerows([safe_cell(cell) for cell in cells] for cells in rows)
    return file.getvalue().encode()
