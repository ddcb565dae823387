"""XLSX in constant memory; every cell is a string, so codes keep their zeros and nothing computes."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

SHEET_NAME = 31
SHEET_ROWS = 1_000_000  # Excel holds 1,048,576
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


class WorkbookWriter:
    """Writes to `path`; the next sheet begins when one is full. `name` is the first sheet's."""

    def __init__(
        self,
        path: Path,
        header: Sequence[str],
        *,
        created_at: datetime,
        sheet_rows: int = SHEET_ROWS,
        name: str | None = None,
    ) -> None:
        self._book = xlsxwriter.Workbook(str(path), {**OPTIONS, "tmpdir": str(path.parent)})
        # xlsxwriter stamps the file with its own clock unless told the time.
        self._book.set_properties({"created": created_at.replace(tzinfo=None)})
        self._book.use_zip64()
        self._header = header
        self._sheet_rows = sheet_rows
        self._begin_sheet(name)

    def begin_table(self, name: str, header: Sequence[str]) -> None:
        """Go on with another table on a sheet of its own. Names are short, unlike each other."""
        self._header = header
        self._begin_sheet(name)

    def write(self, cells: Sequence[str]) -> None:
        if self._row >= self._sheet_rows:
            self._begin_sheet()
        self._write_row(cells)

    def close(self) -> None:
        try:
            self._book.close()
        except FileCreateError as error:
            raise error.args[0] from error

    def abandon(self) -> None:
        """Let go of the temporary files without packing them."""
        for sheet in self._book.worksheets():
            sheet.row_data_fh.close()
        self._book.fileclosed = True

    def _begin_sheet(self, name: str | None = None) -> None:
        self._sheet: Any = self._book.add_worksheet(name[:SHEET_NAME] if name else None)
        self._row = 0
        self._write_row(self._header)

    def _write_row(self, cells: Sequence[str]) -> None:
        write_string, row = self._sheet.write_string, self._row
        for column, cell in enumerate(cells):
            write_string(row, column, cell)
        self._row += 1
