"""The list of people as a spreadsheet. Every cell is text or a number, never a formula (security 8)."""

from collections.abc import Iterator
from datetime import date
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from lms.people.columns import columns
from lms.people.directory import Row, rows_of
from lms.people.models import Person

BATCH = 2000
AS_TEXT = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def people_workbook(people: QuerySet[Person], *, on: date) -> tuple[IO[bytes], int]:
    """A spreadsheet of everybody found and how many they are; read in batches, however many."""
    file = TemporaryFile()  # noqa: SIM115 - the answer that sends it closes it
    written = 0
    with Workbook(file, AS_TEXT) as book:
        sheet = book.add_worksheet(on.isoformat())
        head = book.add_format({"bold": True, "bottom": 2})
        for at, (title, width) in enumerate(_heads()):
            sheet.set_column(at, at, width)
            sheet.write_string(0, at, title, head)
        for row in _rows(people, on=on):
            written += 1
            _write(sheet, written, row)
        sheet.freeze_panes(1, 0)
    file.seek(0)
    return file, written


def _heads() -> list[tuple[str, int]]:
    heads = [
        (_("人员编号"), 18), (_("姓名"), 12), (_("单位"), 30), (_("职务"), 28), (_("职务层次"), 14),
        (_("职级"), 16), (_("账号"), 12),
    ]  # fmt: skip
    for column in columns():
        heads += [(_("%(name)s已得") % {"name": column.title}, 14)]
        heads += [(_("%(name)s要求") % {"name": column.title}, 14)]
    return heads


def _rows(people: QuerySet[Person], *, on: date) -> Iterator[Row]:
    found = people.iterator(chunk_size=BATCH)
    while batch := list(islice(found, BATCH)):
        yield from rows_of(batch, on=on)


def _write(sheet: Any, at: int, row: Row) -> None:
    posting = row.posting
    texts = [row.person.staff_number, row.person.name]
    if posting:
        texts += [
            posting.unit.name, posting.title, posting.get_post_level_display(), posting.rank,
        ]  # fmt: skip
    else:
        texts += ["", "", "", ""]
    texts.append(account_state(row.person))
    for column, text in enumerate(texts):
        sheet.write_string(at, column, text)
    for number, (_column, figure) in enumerate(row.figures):
        place = len(texts) + 2 * number
        sheet.write_number(at, place, float(figure.value))
        if figure.required is not None:
            sheet.write_number(at, place + 1, float(figure.required))


def account_state(person: Person) -> str:
    if not person.is_active:
        return _("已停用")
    return _("在用") if person.last_login else _("没登录过")
