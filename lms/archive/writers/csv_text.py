"""CSV for spreadsheets: UTF-8 with BOM, CRLF, every dangerous cell prefixed (security 8)."""

import csv
from collections.abc import Iterable

from lms.archive.bag import HashingFile
from lms.common.cells import safe_cell


class CsvWriter:
    def __init__(self, file: HashingFile, header: Iterable[str]) -> None:
        file.write(b"\xef\xbb\xbf")
        self._rows = csv.writer(_Utf8(file))
        self.write(header)

    def write(self, cells: Iterable[str]) -> None:
        self._rows.writerow([safe_cell(cell) for cell in cells])


class _Utf8:
    def __init__(self, file: HashingFile) -> None:
        self._file = file

    def write(self, text: str) -> int:
        return self._file.write(text.encode())
