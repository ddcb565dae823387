"""The processes of an embedded site: command lines, environment, start."""

import os
import socket
import subprocess
import sys
from pathlib import Path

from config.runtime.places import BASE_DIR

# Every process we start carries this, and so does whatever it starts (ffmpeg): `stop` finds all.
MARK = "QIANGJI_STARTED_FOR"

PYTHON = [sys.executable, "-m"]


def web_command(port: int) -> list[str]:
    """Site, beats and segments on one loopback port."""
    return [
        *(*PYTHON, "granian", "config.asgi:application", "--interface", "asgi"),
        *("--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--no-ws"),
        *("--no-access-log", "--workers-kill-timeout", "5"),
    ]


def worker_command() -> list[str]:
    """All queues; two jobs at a time, none fetched in advance: a transcode can be long."""
    return [
        *(*PYTHON, "celery", "--app", "config.celery", "worker"),
        *(
            "--queues",
            "default,transcode,export",
            "--concurrency",
            "2",
            "--prefetch-multiplier",
            "1",
        ),
        *("--loglevel", "INFO", "--without-gossip", "--without-mingle"),
    ]


def ingest_command(port: int) -> list[str]:
    """The door for encoders: RTMP on the loopback."""
    return [sys.executable, "manage.py", "run_ingest", "--port", str(port)]


def beat_command(run_dir: Path) -> list[str]:
    """The clock that wakes the sweeps."""
    return [
        *(*PYTHON, "celery", "--app", "config.celery", "beat"),
        *("--schedule", str(run_dir / "beat-schedule"), "--pidfile=", "--loglevel", "INFO"),
    ]


def launch(
    command: list[str], *, log: Path, mark: str, environment: dict[str, str]
) -> subprocess.Popen[bytes]:
    """Start in a session of its own, marked, with its output appended to the log."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=BASE_DIR,
            start_new_session=True,
            env={**os.environ, **environment, MARK: mark, "PYTHONUNBUFFERED": "1"},
        )


def is_free(port: int) -> bool:
    """Whether nobody listens on the loopback port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def any_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
