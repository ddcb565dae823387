"""Running a program for comparison, and what it cost."""

import os
import resource
import subprocess
from collections.abc import Sequence


def cpu_seconds(command: Sequence[str]) -> float:
    """Processor time of the program and its children: on a busy machine wall time says little."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
