"""What benchmarks share: a database of their own and a server on it, on loopback."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlencode

import psutil
import psycopg
from django.conf import settings
from django.db import connections
from psycopg import sql

from config.runtime import answers, components, processes
from config.runtime.places import BASE_DIR

START_SECONDS = 60


def database_url(name: str) -> str:
    """Address of a database on the server this process uses."""
    given = connections["default"].settings_dict
    user = quote(given["USER"], safe="")
    password = f":{quote(given['PASSWORD'], safe='')}" if given["PASSWORD"] else ""
    place = {key.lower(): given[key] for key in ("HOST", "PORT") if given[key]}
    return f"postgresql://{user}{password}@/{name}?{urlencode(place)}"


def manage(url: str, *arguments: str) -> str:
    """Run a management command on a scratch database; its output."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=BASE_DIR,
        env=os.environ | {"DATABASE_URL": url},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout


@contextmanager
def scratch_database(purpose: str = "scratch") -> Iterator[str]:
    """Address of a migrated, empty database, dropped afterwards."""
    name = f"qiangji_bench_{purpose}_{os.getpid()}"
    with administrator() as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            url = database_url(name)
            manage(url, "migrate", "--skip-checks", "--verbosity", "0")
            yield url
        finally:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def administrator() -> Iterator[psycopg.Connection]:
    url = database_url(settings.DATABASES["default"]["NAME"])
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


@contextmanager
def server(
    url: str, command: list[str], port: int, *, log: Path, ready: str
) -> Iterator[psutil.Process]:
    """A running server process on the scratch database; it is gone afterwards."""
    environment = {
        "DATABASE_URL": url,
        "SECRET_KEY": settings.SECRET_KEY,
        "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
    }
    started = components.launch(command, log=log, mark="bench", environment=environment)
    try:
        if not processes.wait_until(
            lambda: answers.status_of(port, ready) is not None, seconds=START_SECONDS
        ):
            raise RuntimeError(log.read_text(encoding="utf-8", errors="replace")[-3000:])
        yield psutil.Process(started.pid)
    finally:
        leader = psutil.Process(started.pid)
        processes.end_all([leader, *leader.children(recursive=True)], grace_seconds=10)
        started.wait(timeout=10)
