"""The sheet of activation codes as a spreadsheet. Every cell is text, never a formula (security 8)."""

from collections.abc import Sequence
from io import BytesIO

from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from lms.common.wording import full_day_text
from lms.people.activation import Issued


def activation_workbook(issued: Sequence[Issued]) -> BytesIO:
    """One row a person: number, name, code, link, until when."""
    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(file, options) as book:
        sheet = book.add_worksheet(_("激活单"))
        head = book.add_format({"bold": True, "bottom": 2})
        code = book.add_format({"font_name": "Consolas"})
        columns = [
            (_("人员编号"), 18), (_("姓名"), 12), (_("激活码"), 40), (_("激活网址"), 90),
            (_("有效期至"), 16),
        ]  # fmt: skip
        for at, (name, width) in enumerate(columns):
            sheet.write_string(0, at, name, head)
            sheet.set_column(at, at, width)
        for row, one in enumerate(issued, start=1):
            sheet.write_string(row, 0, one.person.staff_number)
            sheet.write_string(row, 1, one.person.name)
            sheet.write_string(row, 2, one.code, code)
            sheet.write_string(row, 3, one.link)
            sheet.write_string(row, 4, full_day_text(one.expires_at.date()))
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
    file.seek(0)
    return file
