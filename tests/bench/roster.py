"""Importing a roster of 80,000 persons, beside COPY of the same rows into the same two tables.

COPY only stores: it matches no headings, checks nothing, knows nobody, refuses nobody. Our side is the
whole of `import_roster`: the confined reader, every check, the comparison, persons and postings in one
transaction, the journal row. The second run of the same file changes nothing; the third moves a tenth
of the people. Each side runs in a process of its own. Then the list of people is read, filtered
(tests/bench/roster_list.py).
"""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import psycopg
import xlsxwriter

from config.demo.seeding.names import person_name
from config.demo.seeding.places import division_rows
from config.env import RUN_DIR
from config.runtime.places import BASE_DIR
from tests.bench import roster_list
from tests.bench.scratch import scratch_database

ROWS = 80_000
FEW_ROWS = 2_000
HEADINGS = ["姓名", "人员编号", "单位编码", "职务层次", "手机号", "身份证号", "邮箱", "职务"]
LEVELS = ("县处级", "乡科级", "科员")
TITLES = ("办公室主任", "组织委员", "驻村干部", "业务科干部", "财政所干部")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
PERSONS = (
    "COPY people_person (password, is_superuser, staff_number, name, pinyin_initials, phone, email,"
    " id_number, is_active, created_at) FROM STDIN"
)
POSTINGS = "COPY people_posting (person_id, unit_id, title, post_level, rank, from_date) FROM STDIN"
PARENTS = """
UPDATE people_unit u SET parent_id = above.id FROM people_unit above
WHERE u.path = above.path || u.code || '/'
"""
Row = list[str]


def run(*, rows: int = ROWS) -> dict[str, Any]:
    RUN_DIR.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=RUN_DIR) as folder:
        files = write_files(Path(folder), rows)
        copied = _copied(rows)
        sides = {kind: _imported(files[kind], files["moved"]) for kind in ("xlsx", "csv")}
        listed = _listed(files)
    workbook = sides["xlsx"]["first"]
    return {
        "rows": rows,
        "seconds": workbook["seconds"],
        "peak_mb": workbook["peak_mb"],
        "copy_seconds": copied,
        "ratio_to_copy": round(workbook["seconds"] / copied, 1),
        "rows_per_second": round(rows / workbook["seconds"]),
        **sides,
        "people_list": listed,
    }


def write_files(folder: Path, rows: int) -> dict[str, Path]:
    """The same people as a workbook and as a GB18030 text; and with a tenth of them moved."""
    people = list(made_up(rows))
    files = {
        "xlsx": folder / "roster.xlsx",
        "csv": folder / "roster.csv",
        "moved": folder / "moved.csv",
        "few": folder / "few.csv",
    }
    with xlsxwriter.Workbook(files["xlsx"], {"constant_memory": True}) as book:
        sheet = book.add_worksheet("名册")
        for number, cells in enumerate([HEADINGS, *people]):
            for at, cell in enumerate(cells):
                sheet.write_string(number, at, cell)
    _write_text(files["csv"], people)
    _write_text(files["few"], people[:FEW_ROWS])
    units = _unit_codes()
    for number, cells in enumerate(people):
        if number % 10 == 0:
            cells[2] = units[(number + 7) % len(units)]
    _write_text(files["moved"], people)
    return files


def made_up(rows: int) -> Iterator[Row]:
    random, units = Random(20261124), _unit_codes()
    for number in range(rows):
        yield [
            person_name(random), f"{number:08d}", units[number % len(units)], random.choice(LEVELS),
            f"13{number:09d}", _id_number(number), f"ls{number:06d}@lishui.example.cn",
            random.choice(TITLES),
        ]  # fmt: skip


def _unit_codes() -> list[str]:
    return [row["code"] for row in division_rows() if row["level"] == "township"]


def _id_number(number: int) -> str:
    born = date.fromordinal(date(1966, 1, 1).toordinal() + number % 12_000)
    first = f"331124{born:%Y%m%d}{number // 12_000 * 100 + number % 100:03d}"
    return first + "10X98765432"[sum(int(d) * w for d, w in zip(first, WEIGHTS, strict=True)) % 11]


def _write_text(path: Path, people: list[Row]) -> None:
    with path.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows([HEADINGS, *people])


def _copied(rows: int) -> float:
    """Seconds for COPY of the same persons and postings, indexes and constraints included."""
    with scratch_database() as url, psycopg.connect(url) as connection:
        units = _fill_units(connection)
        people = list(made_up(rows))
        started = perf_counter()
        with connection.cursor() as cursor:
            with cursor.copy(PERSONS) as copy:
                for name, number, _unit, _level, phone, identity, email, _title in people:
                    copy.write_row(
                        ("!", False, number, name, "", phone, email, identity, True, "2026-11-24")
                    )
            cursor.execute("SELECT staff_number, id FROM people_person")
            ids = dict(cursor.fetchall())
            with cursor.copy(POSTINGS) as copy:
                for _name, number, unit, _level, _phone, _identity, _email, title in people:
                    copy.write_row((ids[number], units[unit], title, "staff", "", "2026-11-24"))
        connection.commit()
        return round(perf_counter() - started, 2)


def _fill_units(connection: psycopg.Connection) -> dict[str, int]:
    with connection.cursor() as cursor:
        with cursor.copy("COPY people_unit (code, name, level, path) FROM STDIN") as copy:
            paths: dict[str, str] = {}
            for row in division_rows():
                paths[row["code"]] = f"{paths.get(row['parent_code'], '')}{row['code']}/"
                copy.write_row((row["code"], row["name"], row["level"], paths[row["code"]]))
        cursor.execute(PARENTS)
        cursor.execute("SELECT code, id FROM people_unit")
        units = dict(cursor.fetchall())
    connection.commit()
    return units


def _imported(path: Path, moved: Path) -> dict[str, Any]:
    """First run, the same file again, and a tenth of the people moved."""
    with scratch_database() as url:
        with psycopg.connect(url) as connection:
            _fill_units(connection)
        return {
            "first": _measured(path, url),
            "again": _measured(path, url),
            "moved": _measured(moved, url),
        }


def _listed(files: dict[str, Path]) -> dict[str, Any]:
    """The list of people, first with a few of them, then with all."""
    with scratch_database("list") as url:
        with psycopg.connect(url) as connection:
            _fill_units(connection)
        _measured(files["few"], url)
        few = roster_list.counted(url)
        _measured(files["csv"], url)
        return roster_list.measured(url, few=few, many=roster_list.counted(url))


def _measured(path: Path, url: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.roster_side", str(path)],
        cwd=BASE_DIR,
        env=os.environ | {"DATABASE_URL": url},
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(done.stdout)
