"""Migrating once: the embedded server keeps a copy of the migrated test database.

A few hundred migrations take far longer than copying their result. The copy's name holds a digest
of every migration file, so a changed migration is a different copy.
"""

import hashlib
from pathlib import Path

import psycopg
from django.apps import apps
from psycopg import sql

from config.env import RUN_DIR
from config.runtime.places import APPLICATION_ROLE, Places

PREFIX = "migrated_"


def copy_into(name: str) -> bool:
    """Make the test database from the kept copy; False when there is none for these migrations."""
    kept = _name_of_copy()
    with _server() as session:
        known = session.execute("SELECT 1 FROM pg_database WHERE datname = %s", [kept]).fetchone()
        if known is None:
            return False
        _drop(session, name)
        _copy(session, kept, name)
    return True


def keep(name: str) -> None:
    """Keep a copy of the freshly migrated database, instead of any older one."""
    with _server() as session:
        pattern = f"{PREFIX}%"
        older = session.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [pattern])
        for (database,) in older.fetchall():
            _drop(session, database)
        _copy(session, name, _name_of_copy())


def _name_of_copy() -> str:
    digest = hashlib.sha256()
    for app in apps.get_app_configs():
        for file in sorted((Path(app.path) / "migrations").glob("*.py")):
            digest.update(f"{app.label}/{file.name}\n".encode() + file.read_bytes())
    return PREFIX + digest.hexdigest()[:16]


def _server() -> psycopg.Connection:
    return psycopg.connect(Places(RUN_DIR).superuser_database_url, autocommit=True)


def _drop(session: psycopg.Connection, name: str) -> None:
    statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
    session.execute(statement.format(sql.Identifier(name)))


def _copy(session: psycopg.Connection, source: str, target: str) -> None:
    # File copy: the write-ahead log need not carry a database that can be made again.
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {} STRATEGY FILE_COPY")
    names = map(sql.Identifier, (target, source, APPLICATION_ROLE))
    session.execute(statement.format(*names))
