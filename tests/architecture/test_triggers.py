"""Tables of record refuse UPDATE, DELETE and TRUNCATE in the database itself (security 21)."""

import pytest
from django.db import DatabaseError, connection, transaction

from lms.credits.models import LedgerEntry, LedgerHead, PolicyVersion
from lms.journal.models import JournalEntry
from lms.journal.services import record
from tests import world

pytestmark = pytest.mark.django_db

# Table of record → a column an intruder would want to change.
APPEND_ONLY = {LedgerEntry: "hours", JournalEntry: "action", PolicyVersion: "rules"}


@pytest.fixture
def written() -> None:
    """A row in each table, by its own writer."""
    person = world.learner()
    world.entry(person)
    record(action="test.noted", by=person, at=world.NOON)


def refused(statement: str) -> str:
    """What the database said; the rows are as before."""
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        connection.cursor().execute(statement)
    return str(caught.value)


@pytest.mark.parametrize("model", APPEND_ONLY, ids=lambda m: m.__name__)
def test_update_of_a_row_of_record_is_refused(written, model):
    before = list(model.objects.values())
    table, column = model._meta.db_table, APPEND_ONLY[model]

    said = refused(f"UPDATE {table} SET {column} = {column}")

    assert "Cannot update" in said
    assert list(model.objects.values()) == before


@pytest.mark.parametrize("model", APPEND_ONLY, ids=lambda m: m.__name__)
def test_delete_of_a_row_of_record_is_refused(written, model):
    said = refused(f"DELETE FROM {model._meta.db_table}")

    assert "delete rows from" in said
    assert model.objects.exists()


@pytest.mark.parametrize("model", [*APPEND_ONLY, LedgerHead], ids=lambda m: m.__name__)
def test_truncate_of_a_table_of_record_is_refused(written, model):
    # Constraints still waiting would make PostgreSQL refuse for a reason of its own.
    connection.check_constraints()

    said = refused(f"TRUNCATE {model._meta.db_table} CASCADE")

    assert "Cannot truncate" in said
    assert model.objects.exists()


def test_a_chain_head_cannot_be_deleted(written):
    assert "Cannot delete" in refused(f"DELETE FROM {LedgerHead._meta.db_table}")
