"""The record as a spreadsheet. Every cell is text or a number, never a formula (security 8)."""

from io import BytesIO

from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from lms.portal.record import Record


def record_workbook(record: Record) -> BytesIO:
    """One sheet: the entries of a year in ledger order."""
    file = BytesIO()
    with Workbook(
        file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        sheet = book.add_worksheet(str(record.year))
        head = book.add_format({"bold": True, "bottom": 2})
        hours = book.add_format({"num_format": "0.00"})
        columns = [
            (_("序号"), 6), (_("日期"), 12), (_("事由"), 60), (_("类别"), 12), (_("学时"), 8),
            (_("结果"), 12), (_("证据等级"), 10), (_("当时任职单位"), 30), (_("政策版本"), 16),
            (_("摘要"), 68), (_("人员编号"), 16),
        ]  # fmt: skip
        for at, (name, width) in enumerate(columns):
            sheet.write_string(0, at, name, head)
            sheet.set_column(at, at, width)
        for row, entry in enumerate(reversed(record.entries), start=1):
            texts = [
                (1, entry.happened_on.isoformat()),
                (2, entry.title),
                (3, entry.get_bucket_display()),
                (5, entry.get_outcome_display()),
                (6, entry.get_grade_display()),
                (7, entry.posting.unit.name_on(entry.happened_on)),
                (8, entry.policy_version.label),
                (9, bytes(entry.hash).hex()),
                (10, entry.person.staff_number),
            ]
            sheet.write_number(row, 0, entry.sequence)
            sheet.write_number(row, 4, float(entry.hours), hours)
            for at, text in texts:
                sheet.write_string(row, at, str(text))
        sheet.freeze_panes(1, 0)
    file.seek(0)
    return file
