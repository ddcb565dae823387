"""Rows on their way into the database: checked one by one, staged by COPY a few thousand at a time."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import islice
from typing import Any

from django.db import connection

from lms.people.roster.columns import DELETE_WORDS, Heading, plain
from lms.people.roster.errors import RosterRefused, label, sentence
from lms.people.roster.reading import NumberedCells
from lms.people.roster.rules import Cell, Problem, Row, checked_row, shown

CHUNK_ROWS = 4_000
LISTED_ROWS = 1_000  # rows named when the whole file is refused
LONGEST_KEPT = 200
OnProgress = Callable[[int], None]

# Of this session alone. Two tables in all: what the file says, and what that would change (diff).
TABLE = """
CREATE TEMPORARY TABLE roster_row (
  number integer NOT NULL, name text, staff_number text, unit_code text, post_level text, title text,
  rank text, from_date date, phone text, id_number text, email text, is_number boolean NOT NULL,
  problems jsonb, cells jsonb
)
"""
COPY = """
COPY roster_row (number, name, staff_number, unit_code, post_level, title, rank, from_date, phone,
  id_number, email, is_number, problems, cells) FROM STDIN
"""
DROP = "DROP TABLE IF EXISTS pg_temp.roster_row, pg_temp.roster_plan"


@contextmanager
def staging() -> Iterator[None]:
    """The tables are there inside the block, and gone after it whatever happened."""
    with connection.cursor() as cursor:
        cursor.execute(DROP)
        cursor.execute(TABLE)
    try:
        yield
    finally:
        # In a transaction that has failed they go with it.
        if connection.connection is not None and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute(DROP)


def stage_rows(
    rows: Iterator[NumberedCells],
    *,
    heading: Heading,
    columns: dict[str, int],
    today: date,
    on_progress: OnProgress,
) -> int:
    """Check and stage every row; how many there were.

    Raises RosterRefused when rows ask for a role, a delete or an account, naming them.
    """
    asked: list[dict[str, object]] = []
    count = 0
    watched = _watched(heading, columns)
    while chunk := list(islice(rows, CHUNK_ROWS)):
        staged = []
        for number, cells in chunk:
            asked += _asked(number, cells, heading, watched)
            row = checked_row(number, cells, columns=columns, today=today)
            staged.append(_as_record(row, cells))
        if not asked:
            _copy(staged)
        count += len(chunk)
        on_progress(count)
    if asked:
        raise RosterRefused(
            str(asked[0]["code"]), rejected=asked[:LISTED_ROWS], column=str(asked[0]["column"])
        )
    if not count:
        raise RosterRefused("no_rows")
    with connection.cursor() as cursor:
        # Without figures the planner takes the table for small and joins it row by row.
        cursor.execute("ANALYZE roster_row")
    return count


def _watched(heading: Heading, columns: dict[str, int]) -> dict[int, str]:
    """Columns whose content may refuse the file: those no roster has, and those not imported."""
    others = set(range(len(heading.texts))) - set(columns.values())
    return dict.fromkeys(others, "") | heading.forbidden


def _asked(
    number: int, cells: Sequence[Cell], heading: Heading, watched: dict[int, str]
) -> list[dict[str, object]]:
    found = []
    for at, code in watched.items():
        text = str(cells[at]).strip() if at < len(cells) else ""
        if not text or not (code or plain(text) in DELETE_WORDS):
            continue
        problem = Problem(heading.texts[at], code or "delete_asked", shown(text))
        found.append(rejection(number, problem))
    return found


def rejection(number: int, problem: Problem, *, other: int | str = "") -> dict[str, object]:
    """A problem as the machine interface tells it."""
    return {
        "row": number,
        "column": label(problem.column),
        "code": problem.code,
        "message": sentence(problem, other=other),
    }


def _as_record(row: Row, cells: Sequence[Cell]) -> tuple[Any, ...]:
    kept = [shown_whole(cell) for cell in cells]
    return (
        row.number, row.name, row.staff_number, row.unit_code, row.post_level, row.title, row.rank,
        row.from_date, row.phone, row.id_number, row.email, row.is_number,
        json.dumps(row.problems) if row.problems else None,
        json.dumps(kept, ensure_ascii=False),
    )  # fmt: skip


def shown_whole(cell: Cell) -> str:
    """The cell as text a database takes, so long as anybody would read it."""
    if isinstance(cell, str) and cell.isprintable():
        return cell[:LONGEST_KEPT]
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = str(cell)[:LONGEST_KEPT]
    return "".join(c if c.isprintable() else " " if c.isspace() else "\u25a1" for c in text)


def _copy(records: list[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor, cursor.copy(COPY) as copy:
        for record in records:
            copy.write_row(record)
