"""A confined program read piece by piece; what the jail keeps from it is tested with ffmpeg."""

import os
import sys
from pathlib import Path

import psutil
import pytest

from lms.common.confinement import Bounds, ProgramTimedOut, confined

PYTHON = os.path.realpath(sys.executable)
READS = [Path(sys.base_prefix)]


def program(code: str) -> tuple[str, list[str]]:
    return PYTHON, ["-I", "-S", "-u", "-c", code]


def test_pieces_come_as_they_are_said_and_the_end_tells_how_it_ended():
    bounds = Bounds(seconds=20, reads=READS)
    with confined(*program("print('one'); print('two'); raise SystemExit(3)"), bounds=bounds) as it:
        said = b"".join(it.pieces())

        assert said == b"one\ntwo\n"
        assert it.process.returncode == 3


def test_a_program_that_takes_more_memory_than_allowed_fails_alone():
    bounds = Bounds(seconds=20, reads=READS, memory_bytes=200 * 1024**2)
    with confined(*program("bytes(10**9)"), bounds=bounds) as it:
        assert b"".join(it.pieces()) == b""
        assert "MemoryError" in it.complaints


def test_silence_is_told_and_time_runs_out():
    bounds = Bounds(seconds=1.5, reads=READS)
    with confined(*program("import time; time.sleep(60)"), bounds=bounds) as it:
        pieces = it.pieces()
        assert next(pieces) == b""
        with pytest.raises(ProgramTimedOut):
            list(pieces)
        pid = it.process.pid

    assert not psutil.pid_exists(pid)


def test_leaving_the_block_ends_the_program():
    bounds = Bounds(seconds=60, reads=READS)
    with confined(*program("import time; print('here'); time.sleep(60)"), bounds=bounds) as it:
        assert next(it.pieces()).startswith(b"here")
        pid = it.process.pid

    assert not psutil.pid_exists(pid)
