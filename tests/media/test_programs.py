"""The jail: what a program may reach, and when it is stopped."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from lms.common.confinement import GIGABYTE, Bounds, ProgramTimedOut, confined
from media.programs import program_path, run_confined

ENDLESS = ["-v", "error", "-re", "-f", "lavfi", "-i", "testsrc2", "-f", "null", "-"]


def test_only_the_named_input_can_be_read(tmp_path, short_film):
    other = tmp_path / "secret.mp4"
    other.write_bytes(short_film.read_bytes())

    allowed = run_confined(
        "ffprobe", [str(short_film)], bounds=Bounds(seconds=10, reads=[short_film])
    )
    denied = run_confined("ffprobe", [str(other)], bounds=Bounds(seconds=10, reads=[short_film]))

    assert allowed.status == 0
    assert denied.status != 0
    assert "Permission denied" in denied.complaints


def test_nothing_can_be_written_outside_the_output_folder(tmp_path, short_film):
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    bounds = Bounds(seconds=10, reads=[short_film], writes=[inside])
    copy = ["-v", "error", "-i", str(short_film), "-c", "copy"]

    run_confined("ffmpeg", [*copy, str(inside / "copy.mp4")], bounds=bounds)
    run_confined("ffmpeg", [*copy, str(outside / "copy.mp4")], bounds=bounds)

    assert (inside / "copy.mp4").exists()
    assert not (outside / "copy.mp4").exists()


def test_the_network_is_out_of_reach():
    done = run_confined("ffprobe", ["tcp://127.0.0.1:1"], bounds=Bounds(seconds=10))

    # An open network would say "Connection refused".
    assert "refused" not in done.complaints
    assert done.status != 0


def test_a_program_is_stopped_when_its_time_is_over():
    started = time.monotonic()

    with pytest.raises(ProgramTimedOut):
        run_confined("ffmpeg", ENDLESS, bounds=Bounds(seconds=1.5))

    assert time.monotonic() - started < 5
    assert not [child for child in psutil.Process().children() if child.name() == "ffmpeg"]


def test_a_file_cannot_grow_beyond_its_limit(tmp_path, short_film):
    bounds = Bounds(seconds=10, reads=[short_film], writes=[tmp_path], file_bytes=10_000)
    copy = ["-v", "error", "-i", str(short_film), "-c", "copy", str(tmp_path / "copy.mkv")]

    done = run_confined("ffmpeg", copy, bounds=bounds)

    assert done.status != 0
    assert (tmp_path / "copy.mkv").stat().st_size <= 10_000


def test_a_program_dies_with_the_process_that_started_it(tmp_path):
    starter = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys; from django.conf import settings;"
            f"settings.configure(FFMPEG_PATH={program_path('ffmpeg')!r});"
            "from lms.common.confinement import Bounds; from media.programs import run_confined;"
            f"run_confined('ffmpeg', {ENDLESS!r}, bounds=Bounds(seconds=60))",
        ],
        cwd=Path(__file__).parents[2],
    )
    ffmpeg = wait_for_child(psutil.Process(starter.pid))

    os.kill(starter.pid, signal.SIGKILL)
    starter.wait()

    assert psutil.wait_procs([ffmpeg], timeout=5)[1] == []


def wait_for_child(parent: psutil.Process) -> psutil.Process:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        for child in parent.children():
            if child.name() == "ffmpeg":
                return child
        time.sleep(0.05)
    pytest.fail("ffmpeg never started")


def test_a_program_at_work_is_nice_and_limited_as_the_kernel_tells():
    bounds = Bounds(seconds=20, cpu_seconds=50, memory_bytes=3 * GIGABYTE, file_bytes=12345678)

    with confined(program_path("ffmpeg"), ENDLESS, bounds=bounds) as running:
        pid = running.process.pid
        wait_until_named(psutil.Process(pid), "ffmpeg")
        facts = {
            line[:26].strip(): line[26:].split()[:2]
            for line in Path(f"/proc/{pid}/limits").read_text().splitlines()
        }
        niceness = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[16])

    assert niceness >= 10
    assert facts["Max address space"] == [str(3 * GIGABYTE)] * 2
    assert facts["Max cpu time"] == ["50"] * 2
    assert facts["Max file size"] == ["12345678"] * 2
    assert facts["Max open files"] == ["256"] * 2


def wait_until_named(process: psutil.Process, name: str) -> None:
    """The jail becomes the program it was started for."""
    deadline = time.monotonic() + 20
    while process.name() != name:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_listener_may_bind_its_one_port_and_no_other(tmp_path):
    port, other = free_port(), free_port()

    def said(binds: int) -> str:
        bounds = Bounds(seconds=1.5, listens_on=port)
        listen = ["-v", "error", "-listen", "1", "-i", f"rtmp://127.0.0.1:{binds}/live/in"]
        try:
            return run_confined("ffmpeg", listen, bounds=bounds).complaints
        except ProgramTimedOut:
            return "listening"

    assert said(port) == "listening"
    assert "Permission denied" in said(other)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
