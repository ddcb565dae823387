"""Remembering that the demo's database is migrated and seeded, so that the next start is quick.

The note is a comment on the database itself: it goes where the database goes.
"""

import hashlib

import psycopg
from psycopg import sql

from config.runtime.places import APPLICATION_DATABASE, BASE_DIR, Places

MIGRATIONS = ("*/migrations/*.py", "*/*/migrations/*.py")
# Other people's migrations come with their packages.
PACKAGES = BASE_DIR / "requirements" / "dev.txt"


def digest() -> str:
    """Changes whenever there could be something to migrate."""
    total = hashlib.sha256(PACKAGES.read_bytes())
    for file in sorted(file for pattern in MIGRATIONS for file in BASE_DIR.glob(pattern)):
        total.update(f"{file.relative_to(BASE_DIR)}\n".encode() + file.read_bytes())
    return f"prepared {total.hexdigest()[:16]}"


def is_noted(places: Places) -> bool:
    """Whether this database was prepared from exactly these files."""
    query = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
    with psycopg.connect(places.superuser_database_url) as session:
        return session.execute(query, [APPLICATION_DATABASE]).fetchone() == (digest(),)


def note(places: Places) -> None:
    statement = sql.SQL("COMMENT ON DATABASE {} IS {}")
    with psycopg.connect(places.superuser_database_url) as session:
        session.execute(statement.format(sql.Identifier(APPLICATION_DATABASE), digest()))
