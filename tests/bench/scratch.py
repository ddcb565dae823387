"""A migrated database beside the default one, dropped afterwards."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlencode

import psycopg
from django.db import connections
from psycopg import sql

from config.runtime.places import BASE_DIR


@contextmanager
def scratch_database(*apps: str) -> Iterator[str]:
    """Address of a fresh database with the tables of `apps` and of what they depend on."""
    name = f"qiangji_bench_{os.getpid()}"
    here = connections["default"].settings_dict["NAME"]
    with psycopg.connect(database_url(here), autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            environment = os.environ | {"DATABASE_URL": database_url(name)}
            for app in apps:
                command = [sys.executable, "manage.py", "migrate", app, "--skip-checks", "-v", "0"]
                subprocess.run(command, cwd=BASE_DIR, env=environment, check=True)
            yield database_url(name)
        finally:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def database_url(name: str) -> str:
    given = connections["default"].settings_dict
    user = quote(given["USER"], safe="")
    password = f":{quote(given['PASSWORD'], safe='')}" if given["PASSWORD"] else ""
    place = {key.lower(): given[key] for key in ("HOST", "PORT") if given[key]}
    return f"postgresql://{user}{password}@/{name}?{urlencode(place)}"
