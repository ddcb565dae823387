"""Our side of the confined reader: a file in, its rows out, and a sentence where there are none."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings

from lms.common.confinement import GIGABYTE, Bounds, Confined, ProgramTimedOut, confined
from lms.people.roster.columns import HEADING_WITHIN, Heading, find_heading
from lms.people.roster.errors import RosterRefused
from lms.people.roster.rules import Cell

READER = Path(__file__).with_name("reader.py")
SUFFIXES = (".xlsx", ".csv")
MAX_COLUMNS = 64
MEGABYTE = 1024**2
UNPACKED_BYTES = 400 * MEGABYTE
MEMORY_BYTES = GIGABYTE
READ_SECONDS = 240
SAMPLE_ROWS = HEADING_WITHIN + 5
NumberedCells = tuple[int, list[Cell]]


@dataclass(frozen=True)
class Sheet:
    """What a file holds: how it was read, its heading, and rows that are read as they are asked for.

    `layout`: {"format": "csv", "encoding", "delimiter", "total"} or {"format": "xlsx", "sheet",
    "other_sheets", "total"}; `total` is how many rows there are about.
    """

    layout: dict[str, Any]
    heading: Heading
    rows: Iterator[NumberedCells]


@contextmanager
def opened(path: Path, *, name: str, heading_row: int = 0) -> Iterator[Sheet]:
    """Read a whole file. `heading_row`: where the heading was found before, 0 to look for it.

    Raises RosterRefused, also while the rows are read.
    """
    limit: int = settings.QIANGJI["ROSTER_MAX_ROWS"]
    suffix = checked_suffix(path, name=name)
    with _reader(path, suffix, rows=limit + HEADING_WITHIN + 1) as running:
        lines = _lines(running)
        layout = next(lines)["layout"]
        first = list(islice(lines, HEADING_WITHIN))
        heading = _heading(first, heading_row)
        yield Sheet(layout, heading, _counted(first, lines, heading.row, limit))


def sample(path: Path, *, name: str) -> tuple[Sheet, list[NumberedCells]]:
    """The head of a file: its heading, and the first rows below it. Raises RosterRefused."""
    suffix = checked_suffix(path, name=name)
    with _reader(path, suffix, rows=SAMPLE_ROWS, only=SAMPLE_ROWS) as running:
        lines = _lines(running)
        layout = next(lines)["layout"]
        rows = list(lines)
    heading = _heading(rows, 0)
    below = [row for row in rows if row[0] > heading.row]
    return Sheet(layout, heading, iter(below)), below


def checked_suffix(path: Path, *, name: str) -> str:
    """Of an acceptable name and size. Raises RosterRefused."""
    suffix = Path(name).suffix.lower()
    if suffix in (".xlsm", ".xltm", ".xlam"):
        raise RosterRefused("macro_file")
    if suffix == ".xls":
        raise RosterRefused("old_workbook")
    if suffix not in SUFFIXES:
        raise RosterRefused("name_refused")
    size, limit = path.stat().st_size, settings.QIANGJI["ROSTER_MAX_BYTES"]
    if size == 0:
        raise RosterRefused("empty_file")
    if size > limit:
        raise RosterRefused("file_too_large", limit=limit // MEGABYTE)
    return suffix


def _reader(
    path: Path, suffix: str, *, rows: int, only: int = 0
) -> AbstractContextManager[Confined]:
    python = os.path.realpath(sys.executable)
    packages = _packages()
    plan = {
        "path": str(path.resolve()), "suffix": suffix, "rows": rows, "columns": MAX_COLUMNS,
        "only": only, "packages": str(packages), "unpacked_bytes": UNPACKED_BYTES,
    }  # fmt: skip
    bounds = Bounds(
        seconds=READ_SECONDS,
        reads=[path.resolve(), READER, packages, Path(sys.base_prefix)],
        cpu_seconds=READ_SECONDS // 2,
        memory_bytes=MEMORY_BYTES,
        file_bytes=MEGABYTE,
    )
    arguments = ["-I", "-S", str(READER), json.dumps(plan)]
    return confined(python, arguments, bounds=bounds)


def _packages() -> Path:
    found = find_spec("python_calamine")
    if found is None or found.origin is None:
        return READER.parent  # text is read without it; a workbook then stops the reader
    return Path(found.origin).resolve().parent.parent


def _lines(running: Confined) -> Iterator[Any]:
    """What the reader says, line by line. Raises RosterRefused where it refuses or does not finish."""
    rest = b""
    try:
        for piece in running.pieces():
            *lines, rest = (rest + piece).split(b"\n")
            for line in lines:
                said = json.loads(line)
                if isinstance(said, dict) and "refused" in said:
                    raise _refusal(said["refused"])
                if isinstance(said, dict) and "end" in said:
                    return
                yield said
    except ProgramTimedOut as error:
        raise RosterRefused("reader_stopped") from error
    raise RosterRefused("reader_stopped")


def _refusal(code: str) -> RosterRefused:
    limits = {"too_many_rows": settings.QIANGJI["ROSTER_MAX_ROWS"], "too_many_columns": MAX_COLUMNS}
    return RosterRefused(code, limit=f"{limits.get(code, 0):,}")


def _heading(rows: list[Any], heading_row: int) -> Heading:
    texts = [
        (number, [c if isinstance(c, str) else str(c) for c in cells]) for number, cells in rows
    ]
    if heading_row:
        texts = [row for row in texts if row[0] == heading_row]
    return find_heading(texts)


def _counted(
    first: list[Any], lines: Iterator[Any], heading_row: int, limit: int
) -> Iterator[NumberedCells]:
    """Rows below the heading. Raises RosterRefused past the limit."""
    count = 0
    for source in (first, lines):
        for number, cells in source:
            if number <= heading_row:
                continue
            count += 1
            if count > limit:
                raise RosterRefused("too_many_rows", limit=f"{limit:,}")
            yield number, cells
