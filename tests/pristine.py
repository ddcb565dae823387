"""Returning a committed-to test database to what the migrations made.

Django's own way, TRUNCATE, is refused by our append-only tables and would take the rows that data
migrations put in. Instead the rows present after migrating are copied into the schema `pristine`
once; after a committing test everything is deleted and put back in one transaction by a superuser
with `session_replication_role = replica`, which silences triggers and foreign keys. Row locks only,
so a running site or worker does not block it. Sequences go on counting: no test may rely on ids.
"""

import os
from functools import cache
from urllib.parse import urlsplit

import psycopg
import redis
from django.conf import settings
from django.core.cache import cache as django_cache
from django.db import connection
from django.test import TransactionTestCase
from psycopg import sql

from config.env import RUN_DIR
from config.runtime.places import Places

TEST_RUN_MARK = f"tests in {RUN_DIR}"
SCHEMA = "pristine"
# Read once: single tests change the environment.
GIVEN_DATABASE_URL = os.environ.get("DATABASE_URL", "")

COLUMNS = """
SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
  AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
GROUP BY c.relname ORDER BY c.relname
"""


def database_url(name: str | None = None) -> str:
    """Address of the test database for another process."""
    return _with_name(
        GIVEN_DATABASE_URL or Places(RUN_DIR).database_url,
        name or settings.DATABASES["default"]["NAME"],
    )


def take_snapshot() -> None:
    """Copy every row now present. Called once, right after the migrations."""
    with _superuser() as session:
        session.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(SCHEMA)))
        session.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(SCHEMA)))
        for table in _columns():
            names = sql.Identifier(SCHEMA, table), sql.Identifier("public", table)
            session.execute(sql.SQL("CREATE TABLE {} AS TABLE {}").format(*names))


def restore() -> None:
    """Delete everything, put the snapshot back, forget cached values."""
    with _superuser() as session:
        session.execute("SET LOCAL session_replication_role = replica")
        session.execute("SET LOCAL lock_timeout = '20s'")
        for table in _columns():
            session.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier("public", table)))
        for table, columns in _columns().items():
            statement = sql.SQL("INSERT INTO {0} ({2}) OVERRIDING SYSTEM VALUE SELECT {2} FROM {1}")
            session.execute(
                statement.format(
                    sql.Identifier("public", table),
                    sql.Identifier(SCHEMA, table),
                    sql.SQL(", ").join(map(sql.Identifier, columns)),
                )
            )
    django_cache.clear()


def leave_to_us() -> None:
    """End the sessions that others still hold: a database in use cannot be dropped.

    The server notices a client that was killed only when it next reads from it, which may be
    seconds after the process is gone.
    """
    with _superuser() as session:
        session.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def replace_flush(patch) -> None:
    """Make every committing test end with `restore` instead of TRUNCATE."""

    def teardown(test_case: TransactionTestCase) -> None:
        connection.close()
        restore()

    patch.setattr(TransactionTestCase, "_fixture_teardown", teardown)


def queue_server() -> redis.Redis:
    """The Valkey database that holds the test run's queues."""
    return redis.Redis.from_url(_queue_address())


def _queue_address() -> str:
    parts = urlsplit(settings.CELERY_BROKER_URL)
    if parts.scheme == "redis+socket":
        return f"unix://{parts.path}?db={parts.query.partition('=')[2]}"
    return settings.CELERY_BROKER_URL


def _superuser() -> psycopg.Connection:
    # With servers of one's own the role in DATABASE_URL must be a superuser to run the tests.
    url = GIVEN_DATABASE_URL or Places(RUN_DIR).superuser_database_url
    return psycopg.connect(_with_name(url, settings.DATABASES["default"]["NAME"]))


@cache
def _columns() -> dict[str, list[str]]:
    with _superuser() as session:
        return dict(session.execute(COLUMNS).fetchall())


def _with_name(url: str, name: str) -> str:
    return urlsplit(url)._replace(path=f"/{name}").geturl()
