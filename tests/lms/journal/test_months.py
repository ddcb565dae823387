"""Months as partitions: made ahead, never missing, as closed to change as the whole table."""

from datetime import UTC, date, datetime

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from lms.journal.models import JournalEntry
from lms.journal.months import add_months
from lms.journal.rules import months_from
from lms.journal.services import record
from tests import pristine

PARTITIONS = """
SELECT relid::regclass::text FROM pg_partition_tree('journal_journalentry') WHERE isleaf
"""
FAR = datetime(2031, 5, 31, 15, 59, tzinfo=UTC)  # 23:59 in Shanghai: still May


def partitions() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(PARTITIONS)
        return {name for (name,) in cursor.fetchall()}


def partition_of(entry: JournalEntry) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tableoid::regclass::text FROM journal_journalentry WHERE id = %s", [entry.pk]
        )
        return cursor.fetchone()[0]


def test_months_run_over_the_end_of_the_year():
    assert months_from(date(2026, 11, 25), 3) == [
        date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)
    ]  # fmt: skip


@pytest.mark.django_db
def test_months_are_made_ahead_once():
    assert add_months(since=date(2031, 5, 9)) == 4
    assert add_months(since=date(2031, 5, 9)) == 0
    assert {f"journal_journalentry_2031{month:02}" for month in (5, 6, 7, 8)} <= partitions()


@pytest.mark.django_db
def test_a_month_ends_at_midnight_of_the_site():
    add_months(since=date(2031, 5, 9))

    last = record(action="video.retry", by=None, at=FAR)
    first = record(action="video.retry", by=None, at=FAR.replace(hour=16, minute=0))

    assert partition_of(last) == "journal_journalentry_203105"
    assert partition_of(first) == "journal_journalentry_203106"


@pytest.mark.django_db
def test_a_month_nobody_made_loses_no_row_and_can_be_passed_over_later():
    row = record(action="video.retry", by=None, at=FAR)
    connection.check_constraints()

    assert partition_of(row) == "journal_journalentry_rest"
    assert add_months(since=FAR.date(), ahead=0) == 0
    assert JournalEntry.objects.get(pk=row.pk).at == FAR


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    ["UPDATE {} SET code = code", "DELETE FROM {}", "TRUNCATE {}", "TRUNCATE {} CASCADE"],
)
@pytest.mark.parametrize("month", ["203105", "rest"])
def test_a_single_month_refuses_change_as_the_whole_table_does(statement, month):
    if month != "rest":
        add_months(since=date(2031, 5, 9), ahead=0)
    record(action="video.retry", by=None, at=FAR)
    connection.check_constraints()

    with (
        pytest.raises(DatabaseError, match=r"Cannot (update or delete|truncate)"),
        transaction.atomic(),
    ):
        connection.cursor().execute(statement.format(f"journal_journalentry_{month}"))

    assert JournalEntry.objects.count() == 1


@pytest.mark.django_db
def test_every_partition_has_both_triggers():
    add_months(since=date(2031, 5, 9))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, count(*) FILTER (WHERE tgtype & 32 > 0),"
            " count(*) FILTER (WHERE tgtype & 24 > 0) FROM pg_trigger"
            " WHERE NOT tgisinternal AND tgrelid::regclass::text LIKE 'journal_journalentry_%'"
            " GROUP BY tgrelid"
        )
        found = {name: (truncate, change) for name, truncate, change in cursor.fetchall()}

    assert set(found) == partitions()
    assert set(found.values()) == {(1, 1)}


ROLE = "qiangji_site_of_a_test"
FORBIDDEN = [
    "ALTER TABLE journal_journalentry DISABLE TRIGGER USER",
    "ALTER TABLE journal_journalentry DETACH PARTITION journal_journalentry_rest",
    "DROP TABLE journal_journalentry",
    "UPDATE journal_journalentry SET code = ''",
    "DELETE FROM journal_journalseal",
    "TRUNCATE journal_journalentry",
    "SET session_replication_role = replica",
    "CREATE OR REPLACE FUNCTION journal_open_batch() RETURNS bigint LANGUAGE sql AS 'SELECT 1'",
]


@pytest.fixture
def site_role(transactional_db):
    """A role that does not own the tables, with the rights README asks for."""
    with pristine._superuser() as session:
        session.execute(f"CREATE ROLE {ROLE} LOGIN")
        session.execute(f"GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO {ROLE}")
    yield
    with pristine._superuser() as session:
        session.execute(f"DROP OWNED BY {ROLE}")
        session.execute(f"DROP ROLE {ROLE}")
        session.execute("DROP TABLE IF EXISTS journal_journalentry_203105")


def test_a_role_that_does_not_own_the_tables_writes_and_makes_months_and_switches_nothing_off(
    site_role,
):
    with pristine._superuser() as session:
        session.execute(f"SET SESSION AUTHORIZATION {ROLE}")
        made = session.execute("SELECT journal_add_month('2031-05-09', 'Asia/Shanghai')").fetchone()
        session.execute(
            "INSERT INTO journal_journalentry (at, action, object_type, object_id, outcome, code,"
            " reason, detail, digest) VALUES (now(), 'x', '', '', 'done', '', '', '{}', '')"
        )
        assert made == (True,)
        for statement in FORBIDDEN:
            with pytest.raises(psycopg.errors.InsufficientPrivilege), session.transaction():
                session.execute(statement)
        session.rollback()
