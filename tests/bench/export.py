"""Sealing a million ledger entries of 80,000 persons, beside what one would write without thinking.

The plain way iterates the ORM into JSON lines and lets `bagit.make_bag` hash the file: no A11 rows,
no workbook, no portfolio for each person, no SM3, no chain proof. The floor is COPY of the same
rows. Each side runs in a process of its own, so peak memory is its own.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import psycopg

from config.env import RUN_DIR
from config.runtime.places import BASE_DIR
from tests.bench.ledger import COLUMNS, fill
from tests.bench.scratch import scratch_database

ENTRIES = 1_000_000
PERSONS = 80_000


def run(*, entries: int = ENTRIES, persons: int = PERSONS) -> dict[str, Any]:
    with scratch_database() as url, TemporaryDirectory(dir=_folder()) as folder:
        fill(url, persons=persons, entries=entries)
        copy = _copy_floor(url, entries)
        sealed = _measured("seal", url, folder)
        plain = _measured("plain", url, folder)
    return {
        "entries": entries,
        "persons": persons,
        "entries_per_second": sealed["per_second"],
        "peak_mb": sealed["peak_mb"],
        "seconds": sealed["seconds"],
        "cpu_seconds": sealed["cpu_seconds"],
        "stages": sealed["stages"],
        "package_mb": sealed["mb"],
        "verify_seconds": sealed["verify_seconds"],
        "plain_entries_per_second": plain["per_second"],
        "plain_cpu_seconds": plain["cpu_seconds"],
        "plain_peak_mb": plain["peak_mb"],
        "ratio_to_plain": round(sealed["per_second"] / plain["per_second"], 2),
        "copy_entries_per_second": copy,
    }


def _folder() -> Path:
    """On the disk packages are sealed to, not on a memory file system."""
    RUN_DIR.mkdir(parents=True, exist_ok=True)
    return RUN_DIR


def _copy_floor(url: str, entries: int) -> float:
    started = perf_counter()
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        statement = f"COPY (SELECT {COLUMNS} FROM credits_ledgerentry) TO STDOUT (FORMAT csv)"
        with cursor.copy(statement) as copy:
            for _data in copy:
                pass
    return round(entries / (perf_counter() - started))


def _measured(side: str, url: str, folder: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.export_sides", side, folder],
        cwd=BASE_DIR,
        env=os.environ | {"DATABASE_URL": url},
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(done.stdout)
