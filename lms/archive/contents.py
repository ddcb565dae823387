"""What a sealed package holds, read from its own files for its page."""

import csv
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from lms.archive.bag import manifest_path

SHOWN_FILES = 40
SHOWN_ROWS = 5


def listed_files(folder: Path, bad: set[str]) -> list[dict[str, Any]]:
    """The tables and notes first, then the first portfolios; files found bad before all others."""
    lines = list(islice(_manifest_lines(folder), 5000))
    lines.sort(key=lambda line: (line[1] not in bad, line[1].startswith("data/portfolio/")))
    return [
        {"path": path, "bytes": _size(folder / path), "sha256": digest, "is_bad": path in bad}
        for digest, path in lines[:SHOWN_FILES]
    ]


def sample_rows(folder: Path) -> list[dict[str, Any]]:
    """The first A11 rows beside the exact sums they were rounded from."""
    samples = []
    with suppress(OSError, KeyError, ValueError, UnicodeDecodeError, csv.Error):
        exact = (row for row in _table(folder, "rounding.csv") if row["去向"] == "A11")
        rows = islice(_table(folder, "a11.csv"), SHOWN_ROWS)
        for row, rounding in zip(rows, exact, strict=False):
            samples.append(
                {
                    "name": row["姓名"],
                    "staff_number": row["人员编号"],
                    "title": row["A1131"],
                    "hours_kept": Decimal(rounding["精确学时"]),
                    "hours_written": row["A1108"],
                    "starts": _day(row["A1107"]),
                    "ends": _day(row["A1111"]),
                    "organiser": row["A1114"],
                }
            )
    return samples


def _manifest_lines(folder: Path) -> Iterator[tuple[str, str]]:
    manifest = folder / manifest_path("sha256")
    with suppress(OSError, UnicodeDecodeError), manifest.open(encoding="utf-8") as lines:
        for line in lines:
            digest, _gap, escaped = line.rstrip("\n").partition("  ")
            path = unquote(escaped)
            # A manifest somebody changed must not lead a reader out of the package.
            if path.startswith("data/") and ".." not in path.split("/"):
                yield digest, path


def _size(path: Path) -> int | None:
    with suppress(OSError):
        return path.lstat().st_size
    return None


def _table(folder: Path, name: str) -> Iterator[dict[str, str]]:
    with (folder / "data" / "a11" / name).open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def _day(text: str) -> str:
    return date.fromisoformat(text).isoformat()
