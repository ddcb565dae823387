"""Two towns of one county and a third county, and files as people hand them in."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import xlsxwriter

from tests.rosters import HEADINGS, Cells, Places, made_places, text_of

MakeText = Callable[..., Path]


@pytest.fixture
def places(db) -> Places:
    return made_places()


@pytest.fixture
def uploads(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "uploads"
    return settings.MEDIA_ROOT


@pytest.fixture
def text_file(tmp_path: Path) -> MakeText:
    """A CSV of rows below a heading: `text_file(rows, headings=…, encoding=…, delimiter=…)`."""

    def make(
        rows: Sequence[Cells], headings: Cells = HEADINGS, *, name: str = "roster.csv",
        encoding: str = "utf-8", delimiter: str = ",",
    ) -> Path:  # fmt: skip
        path = tmp_path / name
        path.write_bytes(text_of(rows, headings, delimiter).encode(encoding))
        return path

    return make


@pytest.fixture
def workbook(tmp_path: Path) -> MakeText:
    """An XLSX of rows below a heading; numbers are number cells."""

    def make(
        rows: Sequence[Cells], headings: Cells = HEADINGS, *, name: str = "roster.xlsx"
    ) -> Path:
        path = tmp_path / name
        with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
            sheet = book.add_worksheet("名册")
            for number, cells in enumerate([headings, *rows]):
                sheet.write_row(number, 0, cells)
        return path

    return make
