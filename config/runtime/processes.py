"""Finding and ending processes by what they are, never by a bare process number.

A pid file can be stale and its number reused, so a server is recognised by its program name and
the one argument only it has (its data directory, its socket).
"""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress

import psutil

GONE = (psutil.NoSuchProcess, psutil.ZombieProcess, psutil.AccessDenied)
POLL_SECONDS = 0.02


def find(*, name: str, argument: str) -> psutil.Process | None:
    """The living process with this program name and exactly this command-line argument."""
    for process in psutil.process_iter():
        try:
            if process.name() == name and argument in process.cmdline():
                return process
        except GONE:
            continue
    return None


def find_working_in(*, name: str, folder: str) -> list[psutil.Process]:
    """Living processes with this program name whose working directory is the folder."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.name() == name and process.cwd() == folder:
                found.append(process)
        except GONE:
            continue
    return found


def is_alive(process: psutil.Process) -> bool:
    """False for a gone process, a zombie, and another process that got the same number."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except GONE:
        return False


def wait_until(condition: Callable[[], bool], *, seconds: float) -> bool:
    """Poll until the condition holds; False when it did not within the time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


def end(
    process: psutil.Process,
    *,
    with_signals: tuple[signal.Signals, ...] = (signal.SIGTERM, signal.SIGKILL),
    grace_seconds: float = 10,
) -> None:
    """Signal, wait until it is gone, and go on to the next, harder signal if it is not."""
    for number in with_signals:
        if not is_alive(process):
            return
        try:
            process.send_signal(number)
        except psutil.NoSuchProcess:
            return
        if wait_until(lambda: not is_alive(process), seconds=grace_seconds):
            return
    raise TimeoutError(f"process {process.pid} does not end")


def find_marked(variable: str, value: str) -> list[psutil.Process]:
    """Living processes started with this environment variable, children of children included."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.pid != os.getpid() and process.environ().get(variable) == value:
                found.append(process)
        except GONE:
            continue
    return [process for process in found if is_alive(process)]


def end_all(
    processes: list[psutil.Process], *, first: signal.Signals = signal.SIGTERM, grace_seconds: float
) -> None:
    """Signal all at once, wait for all, then kill what is left. Returns when none is alive."""
    for number in (first, signal.SIGKILL):
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(number)
        if wait_until(lambda: not any(map(is_alive, processes)), seconds=grace_seconds):
            return
    raise TimeoutError(f"processes {[p.pid for p in processes if is_alive(p)]} do not end")


def find_command(*arguments: str) -> psutil.Process | None:
    """The living process whose command line has exactly these arguments, next to each other."""
    for process in psutil.process_iter():
        try:
            line = process.cmdline()
        except GONE:
            continue
        windows = zip(*(line[start:] for start in range(len(arguments))), strict=False)
        if arguments in windows and is_alive(process):
            return process
    return None
