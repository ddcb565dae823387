"""The rows an auditor takes along: counted, journalled, then written in constant memory."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from lms.common.errors import Refusal
from lms.common.workbook import WorkbookWriter
from lms.journal.models import JournalEntry
from lms.journal.naming import object_names
from lms.journal.presenting import HEADER, sheet_row
from lms.journal.services import record
from lms.people.models import Person

ROWS_MAX = 50_000
CHUNK_ROWS = 1000


class ExportTooLarge(Refusal):
    code = "export_too_large"
    sentence = "符合条件的日志超过 50,000 条，没有导出。请缩短起止日期，分几次导出。"
    status = 409


def export_journal(
    *,
    rows: QuerySet[JournalEntry],
    asked: Mapping[str, str],
    path: Path,
    by: Person,
    at: datetime,
) -> int:
    """Write the rows, newest first, as a spreadsheet; a journal row comes before the first of them.

    `asked` are the conditions as typed. Returns how many rows. Raises ExportTooLarge, journalled too.
    """
    count = rows[: ROWS_MAX + 1].count()
    detail = {"rows": count, "conditions": dict(asked)}
    if count > ROWS_MAX:
        record(
            action="journal.exported", by=by, at=at, outcome="refused", code=ExportTooLarge.code,
            reason=ExportTooLarge.sentence, detail=detail,
        )  # fmt: skip
        raise ExportTooLarge
    record(action="journal.exported", by=by, at=at, detail=detail)
    book = WorkbookWriter(path, HEADER, created_at=timezone.localtime(at))
    with transaction.atomic():  # a cursor of the server's lasts as long as its transaction
        for chunk in _chunks(rows[:count]):
            names = object_names(chunk)
            for entry in chunk:
                book.write(sheet_row(entry, names))
    book.close()
    return count


def _chunks(rows: QuerySet[JournalEntry]) -> Iterator[list[JournalEntry]]:
    whole = rows.select_related("actor", "posting__unit", "subject")
    every = whole.iterator(chunk_size=CHUNK_ROWS)
    while chunk := list(islice(every, CHUNK_ROWS)):
        yield chunk
