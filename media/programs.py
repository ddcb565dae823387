"""Finding ffmpeg and ffprobe, and running them confined: every call goes through `jail.py`."""

import json
import os
import selectors
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

JAIL = Path(__file__).with_name("jail.py")
MAX_OUTPUT_BYTES = 64 * 1024 * 1024
GIGABYTE = 1024**3


class ProgramTimedOut(Exception):
    """The program was stopped because its time was over."""


@dataclass(frozen=True)
class Finished:
    status: int
    output: bytes
    complaints: str


@dataclass(frozen=True)
class Bounds:
    """What a program may touch and use. `seconds` is wall-clock time."""

    seconds: float
    reads: Sequence[Path] = ()
    writes: Sequence[Path] = ()
    cpu_seconds: int = 60
    memory_bytes: int = 8 * GIGABYTE
    file_bytes: int = 2 * GIGABYTE


def program_path(name: str) -> str:
    """`ffmpeg` or `ffprobe`: they lie side by side."""
    return str(Path(settings.FFMPEG_PATH).with_name(name))


def run_confined(
    name: str,
    arguments: Sequence[str],
    *,
    bounds: Bounds,
    on_output: Callable[[bytes], None] | None = None,
) -> Finished:
    """Run to the end. `on_output` sees each piece of stdout, and an empty piece every second of silence.

    Raises ProgramTimedOut; whatever `on_output` raises ends the program too.
    """
    with tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(
            jailed(program_path(name), arguments, bounds=bounds),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=complaints,
            env={"LC_ALL": "C.UTF-8", "PATH": ""},
            start_new_session=True,
        )
        try:
            output = drain(process, deadline=time.monotonic() + bounds.seconds, on_output=on_output)
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()
        complaints.seek(max(0, complaints.tell() - 20_000))
        return Finished(process.returncode, output, complaints.read().decode("utf-8", "replace"))


def jailed(program: str, arguments: Sequence[str], *, bounds: Bounds) -> list[str]:
    plan = {
        "parent": os.getpid(),
        "nice": 10,
        "readable": [str(path) for path in bounds.reads],
        "writable": [str(path) for path in bounds.writes],
        "limits": {
            "as": bounds.memory_bytes,
            "cpu": bounds.cpu_seconds,
            "fsize": bounds.file_bytes,
            "nofile": 256,
        },
    }
    return [sys.executable, "-I", "-S", str(JAIL), json.dumps(plan), program, *arguments]


def drain(
    process: subprocess.Popen[bytes], *, deadline: float, on_output: Callable[[bytes], None] | None
) -> bytes:
    assert process.stdout is not None
    pieces: list[bytes] = []
    with selectors.DefaultSelector() as selector, process.stdout as pipe:
        selector.register(pipe, selectors.EVENT_READ)
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                raise ProgramTimedOut(f"{process.args!r:.200}")
            piece = os.read(pipe.fileno(), 65536) if selector.select(min(left, 1.0)) else None
            if piece == b"":
                break
            if on_output:
                on_output(piece or b"")
            elif piece:
                pieces.append(piece)
            if sum(map(len, pieces)) > MAX_OUTPUT_BYTES:
                raise ProgramTimedOut("more output than a sound file gives")
    process.wait(timeout=max(1.0, deadline - time.monotonic()))
    return b"".join(pieces)
