"""The two sides of the export benchmark, each run as a process: `-m tests.bench.export_sides SIDE FOLDER`."""

import json
import os
import re
import shutil
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

import bagit
import django
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
django.setup()

from lms.archive.selectors import unit_of_whole_ledger  # noqa: E402
from lms.archive.services import request_package, seal_package  # noqa: E402
from lms.archive.verification import verify_bag  # noqa: E402
from lms.common.clock import database_now, local_date  # noqa: E402
from lms.credits.models import LedgerEntry  # noqa: E402


def _seal(folder: Path) -> dict[str, Any]:
    started = perf_counter()
    marks: list[float] = []
    at = database_now()
    package = request_package(unit=unit_of_whole_ledger(), until=local_date(at), by=None, at=at)
    package = seal_package(
        package=package, at=at, on_progress=lambda done, total: marks.append(perf_counter())
    )
    seconds = perf_counter() - started
    figures = _figures(package.entries, seconds, _peak_mb())
    bag = folder / "archive" / package.path
    started_check = perf_counter()
    if problems := verify_bag(bag):
        raise RuntimeError(problems[:3])
    size = sum(file.stat().st_size for file in bag.rglob("*") if file.is_file())
    figures["verify_seconds"] = round(perf_counter() - started_check, 1)
    figures["stages"] = {
        "members_and_first_stretch": round(marks[0] - started, 1),
        "stream": round(marks[-1] - marks[0], 1),
        "workbook_flush_and_name": round(started + seconds - marks[-1], 1),
    }
    figures["mb"] = round(size / 1e6)
    shutil.rmtree(bag)
    return figures


def _plain(folder: Path) -> dict[str, Any]:
    started = perf_counter()
    bag = folder / "plain"
    bag.mkdir()
    count = 0
    entries = LedgerEntry.objects.select_related("person", "posting__unit", "policy_version")
    with (bag / "entries.jsonl").open("w", encoding="utf-8") as lines:
        for entry in entries.order_by("person_id", "sequence").iterator(chunk_size=2000):
            lines.write(json.dumps(_as_json(entry), ensure_ascii=False) + "\n")
            count += 1
    bagit.make_bag(str(bag), checksums=["sha256", "sha512"])
    return _figures(count, perf_counter() - started, _peak_mb())


def _as_json(entry: Any) -> dict[str, Any]:
    return {
        "staff_number": entry.person.staff_number,
        "unit": entry.posting.unit.name,
        "sequence": entry.sequence,
        "bucket": entry.bucket,
        "hours": str(entry.hours),
        "title": entry.title,
        "happened_on": entry.happened_on.isoformat(),
        "posted_at": entry.posted_at.isoformat(),
        "policy": entry.policy_version.label,
        "grade": entry.grade,
        "outcome": entry.outcome,
        "source": [entry.source_kind, entry.source_key],
        "evidence": entry.evidence,
        "arithmetic": entry.arithmetic,
        "previous_hash": bytes(entry.previous_hash).hex(),
        "hash": bytes(entry.hash).hex(),
    }


def _figures(entries: int, seconds: float, peak_mb: float) -> dict[str, Any]:
    return {
        "per_second": round(entries / seconds),
        "seconds": round(seconds, 1),
        "cpu_seconds": _cpu_seconds(),
        "peak_mb": peak_mb,
    }


def _cpu_seconds() -> float:
    return round(sum(os.times()[:2]), 1)


def _peak_mb() -> float:
    """Highest resident memory of this process. Not getrusage's, which a child takes over from the
    process that forked it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return round(int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024, 1)


if __name__ == "__main__":
    target = Path(sys.argv[2])
    settings.MEDIA_ROOT = target
    sides = {"seal": _seal, "plain": _plain}
    json.dump(sides[sys.argv[1]](target), sys.stdout)
