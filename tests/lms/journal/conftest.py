from collections.abc import Callable

import pytest
from django.db import connection


@pytest.fixture
def tamper(db) -> Callable[[str], None]:
    """Change rows of record as the tables' owner could: its triggers silenced."""

    def run(statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in ("journal_journalentry", "journal_journalseal"):
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(statement)

    return run
