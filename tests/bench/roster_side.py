"""One import as a process of its own: `-m tests.bench.roster_side FILE`; seconds and memory.

Memory is VmHWM of this process and of the reader it starts, added up as if both peaked together.
`ru_maxrss` would not do: it is handed on through fork and exec.
"""

import json
import os
import re
import sys
from pathlib import Path
from threading import Event, Thread
from time import perf_counter
from typing import Any

import django
import psutil

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
django.setup()

from lms.common.clock import database_now  # noqa: E402
from lms.people.roster.importing import import_roster  # noqa: E402

PEAK = re.compile(r"^VmHWM:\s+(\d+) kB", re.MULTILINE)


class ReaderWatch:
    """Reads the peak of whatever this process starts, forty times a second."""

    def __init__(self) -> None:
        self.peak_kb = 0
        self._over = Event()
        self._thread = Thread(target=self._watch)

    def __enter__(self) -> "ReaderWatch":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        this = psutil.Process()
        while not self._over.wait(0.025):
            for child in this.children():
                self.peak_kb = max(self.peak_kb, peak_kb(child.pid))


def peak_kb(pid: int) -> int:
    try:
        found = PEAK.search(Path(f"/proc/{pid}/status").read_text(encoding="ascii"))
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return int(found[1]) if found else 0


def measure(path: Path) -> dict[str, Any]:
    started = perf_counter()
    with ReaderWatch() as watch:
        result = import_roster(path=path, by=None, at=database_now())
    seconds = perf_counter() - started
    own = peak_kb(os.getpid())
    return {
        "seconds": round(seconds, 2),
        "cpu_seconds": round(sum(os.times()[:4]), 1),
        "peak_mb": round((own + watch.peak_kb) / 1024),
        "importer_mb": round(own / 1024),
        "reader_mb": round(watch.peak_kb / 1024),
        **{name: result.counts[name] for name in ("created", "updated", "unchanged", "rejected")},
    }


if __name__ == "__main__":
    json.dump(measure(Path(sys.argv[1])), sys.stdout)
