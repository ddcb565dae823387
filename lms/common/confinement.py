"""Running a program on a hostile file: every call goes through `jail.py`, and is bounded in all it uses."""

import json
import os
import selectors
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

JAIL = Path(__file__).with_name("jail.py")
MAX_OUTPUT_BYTES = 64 * 1024 * 1024
GIGABYTE = 1024**3
ENVIRONMENT = {"LC_ALL": "C.UTF-8", "PATH": ""}


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
    listens_on: int | None = None  # the only TCP port it may bind; without one it has no network


class Confined:
    """A program at work. Read `pieces` to the end, then ask how it ended."""

    def __init__(
        self, process: subprocess.Popen[bytes], complaints: IO[bytes], deadline: float
    ) -> None:
        self.process, self._complaints, self._deadline = process, complaints, deadline

    def pieces(self) -> Iterator[bytes]:
        """stdout as it comes, and an empty piece every second of silence. Raises ProgramTimedOut."""
        assert self.process.stdout is not None
        with selectors.DefaultSelector() as selector, self.process.stdout as pipe:
            selector.register(pipe, selectors.EVENT_READ)
            while True:
                left = self._deadline - time.monotonic()
                if left <= 0:
                    raise ProgramTimedOut(f"{self.process.args!r:.200}")
                if not selector.select(min(left, 1.0)):
                    yield b""
                    continue
                piece = os.read(pipe.fileno(), 65536)
                if not piece:
                    break
                yield piece
        self.process.wait(timeout=max(1.0, self._deadline - time.monotonic()))

    @property
    def complaints(self) -> str:
        """The last of stderr."""
        self._complaints.seek(0, os.SEEK_END)
        self._complaints.seek(max(0, self._complaints.tell() - 20_000))
        return self._complaints.read().decode("utf-8", "replace")


@contextmanager
def confined(program: str, arguments: Sequence[str], *, bounds: Bounds) -> Iterator[Confined]:
    """Start a program in the jail; leaving the block ends it, whatever happened."""
    with tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(
            jailed(program, arguments, bounds=bounds),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=complaints,
            env=ENVIRONMENT,
            start_new_session=True,
        )
        try:
            yield Confined(process, complaints, time.monotonic() + bounds.seconds)
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()
            if process.stdout is not None:
                process.stdout.close()


def run_confined(
    program: str,
    arguments: Sequence[str],
    *,
    bounds: Bounds,
    on_output: Callable[[bytes], None] | None = None,
) -> Finished:
    """Run to the end. `on_output` sees each piece of stdout, and an empty piece every second of silence.

    Raises ProgramTimedOut; whatever `on_output` raises ends the program too.
    """
    output = bytearray()
    with confined(program, arguments, bounds=bounds) as running:
        for piece in running.pieces():
            if on_output:
                on_output(piece)
            else:
                output += piece
            if len(output) > MAX_OUTPUT_BYTES:
                raise ProgramTimedOut("more output than a sound file gives")
        return Finished(running.process.returncode, bytes(output), running.complaints)


def jailed(program: str, arguments: Sequence[str], *, bounds: Bounds) -> list[str]:
    plan = {
        "parent": os.getpid(),
        "nice": 10,
        "port": bounds.listens_on,
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
