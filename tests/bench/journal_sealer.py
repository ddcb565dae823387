"""Seals the journal every second until its input is closed: `python -m tests.bench.journal_sealer`.

Prints how many seconds each round took, as a JSON list.
"""

import json
import os
import sys
from select import select
from time import perf_counter

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

import django

django.setup()

from lms.common.clock import database_now  # noqa: E402 - models need the set-up above
from lms.journal.sealing import seal_journal  # noqa: E402

EVERY_SECONDS = 1.0  # ten times as often as the schedule does


def main() -> None:
    took = []
    is_last = False
    while not is_last:
        is_last = bool(select([sys.stdin], [], [], EVERY_SECONDS)[0])
        started = perf_counter()
        seal_journal(at=database_now())
        took.append(perf_counter() - started)
    json.dump(took, sys.stdout)


if __name__ == "__main__":
    main()
