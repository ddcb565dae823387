"""A journal from before months and seals keeps every row, and verifies."""

import json
import os

import psycopg
import pytest
from psycopg import sql

from tests.bench.scratch import administrator, database_url, manage

NAME = f"qiangji_journal_before_{os.getpid()}"
ROWS = """
INSERT INTO people_unit (id, code, name, level, path) OVERRIDING SYSTEM VALUE
  VALUES (7, '331124', '松阳县', 'county', '331124/');
INSERT INTO people_person (id, password, is_superuser, staff_number, name, pinyin_initials, phone,
    email, id_number, is_active, created_at) OVERRIDING SYSTEM VALUE
  VALUES (3, '', false, 'A1', '吴晓芸', '', '', '', '', true, now());
INSERT INTO people_posting (id, person_id, unit_id, title, post_level, rank, from_date)
  OVERRIDING SYSTEM VALUE VALUES (5, 3, 7, '干部', 'staff', '', '2020-01-01');
INSERT INTO journal_journalentry (at, actor_id, posting_id, action, object_type, object_id, outcome,
    code, reason, address, detail)
  SELECT now() - interval '11 days' * n, 3, 5, 'video.retry', 'people.Person', '3', 'done', '',
    '第 ' || n || ' 条', '10.0.0.8', '{"n": 1, "deep": {"b": [1.5, "二"]}}'
  FROM generate_series(1, 20) n;
"""
FOUND = """
SELECT count(*), count(DISTINCT tableoid), min(unit_id), min(subject_id), max(id)
FROM journal_journalentry
"""


@pytest.fixture
def before(db):
    """Address of a database whose journal is the plain table, with twenty rows."""
    with administrator() as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))
        try:
            url = database_url(NAME)
            manage(url, "migrate", "journal", "0001", "--skip-checks", "--verbosity", "0")
            with psycopg.connect(url) as connection:
                connection.execute(ROWS)
            yield url
        finally:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(NAME)))


def test_rows_move_into_their_months_with_a_digest_and_numbers_go_on(before):
    manage(before, "migrate", "journal", "--skip-checks", "--verbosity", "0")

    with psycopg.connect(before) as connection:
        count, months, unit, subject, last = connection.execute(FOUND).fetchone()
        [following] = connection.execute(
            "SELECT nextval(pg_get_serial_sequence('journal_journalentry', 'id'))"
        ).fetchone()
    assert (count, unit, subject, last, following) == (20, 7, 3, 20, 21)
    assert months >= 7
    assert json.loads(manage(before, "verify_journal", "--json")) == {
        "rows": 20, "seals": 0, "unsealed": 20, "broken": [],
    }  # fmt: skip
