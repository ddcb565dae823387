"""A city's ledger for benchmarks: chained entries by COPY, every digest from the ledger's own rules."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import psycopg

from lms.credits.rules import ZERO_HASH, entry_digest

FIRST_DAY = date(2025, 1, 6)
BANDS = [("0.25", 600), ("0.50", 1500), ("1.00", 2700)]
COLUMNS = (
    "person_id, sequence, posting_id, bucket, hours, title, happened_on, posted_at,"
    " policy_version_id, grade, outcome, source_kind, source_key, evidence, arithmetic,"
    " previous_hash, hash"
)
SET_UP = """
INSERT INTO people_unit (code, name, level, path) VALUES ('3311', '丽水市', 'city', '3311/');
INSERT INTO people_unit (code, name, level, path, parent_id)
  SELECT '3311' || n, '第' || n || '单位', 'county', '3311/3311' || n || '/', u.id
  FROM generate_series(10, 29) n, people_unit u WHERE u.code = '3311';
INSERT INTO people_person
  (id, password, is_superuser, staff_number, name, pinyin_initials, phone, email, id_number,
   is_active, created_at)
  OVERRIDING SYSTEM VALUE
  SELECT n, '', false, 'LS' || lpad(n::text, 7, '0'), '学员' || n, '', '', '',
    '33250119800101' || lpad((n %% 10000)::text, 4, '0'), true, now()
  FROM generate_series(1, %(persons)s) n;
INSERT INTO people_posting (id, person_id, unit_id, title, post_level, rank, from_date)
  OVERRIDING SYSTEM VALUE
  SELECT p.id, p.id, u.id, '办公室主任', 'staff', '', '2020-01-01'
  FROM people_person p JOIN people_unit u ON u.code = '3311' || (10 + p.id %% 20);
INSERT INTO credits_creditpolicy (id, name, unit_id) OVERRIDING SYSTEM VALUE
  SELECT 1, '学时规则', id FROM people_unit WHERE code = '3311';
INSERT INTO credits_policyversion
  (id, label, title, document_number, effective_from, rules, policy_id)
  OVERRIDING SYSTEM VALUE VALUES (1, '2025.1', '细则', '', '2025-01-01', '{}', 1);
"""
HEADS = """
INSERT INTO credits_ledgerhead (person_id, sequence, hash)
SELECT DISTINCT ON (person_id) person_id, sequence, hash FROM credits_ledgerentry
ORDER BY person_id, sequence DESC
"""


def fill(url: str, *, persons: int, entries: int) -> None:
    """`entries` entries spread evenly over `persons` persons of twenty units."""
    with psycopg.connect(url, autocommit=True) as connection:
        with psycopg.ClientCursor(connection) as cursor:
            cursor.execute(SET_UP, {"persons": persons})
        with connection.cursor() as cursor:
            with cursor.copy(f"COPY credits_ledgerentry ({COLUMNS}) FROM STDIN") as copy:
                for row in chained_rows(persons, entries):
                    copy.write_row(row)
            cursor.execute(HEADS)
        connection.execute("VACUUM ANALYZE")


def chained_rows(persons: int, entries: int) -> Iterator[tuple[Any, ...]]:
    for person in range(1, persons + 1):
        previous = ZERO_HASH
        count = entries * person // persons - entries * (person - 1) // persons
        for sequence in range(1, count + 1):
            fields = _fields(person, sequence)
            digest = entry_digest(previous=previous, **fields, actor_id=None, reverses=None)
            del fields["policy"]
            evidence, arithmetic = fields.pop("evidence"), fields.pop("arithmetic")
            head = [fields[name] for name in ("person_id", "sequence", "posting_id", "bucket")]
            middle = [fields[name] for name in ("hours", "title", "happened_on", "posted_at")]
            tail = [fields[name] for name in ("grade", "outcome", "source_kind", "source_key")]
            texts = [json.dumps(evidence), json.dumps(arithmetic)]
            yield (*head, *middle, 1, *tail, *texts, previous, digest)
            previous = digest


def _fields(person: int, sequence: int) -> dict[str, Any]:
    day = FIRST_DAY + timedelta(days=(person % 40) + sequence * 45)
    hours, seconds = BANDS[(person + sequence) % 3]
    is_class = sequence % 6 == 0
    return {
        "person_id": person,
        "sequence": sequence,
        "posting_id": person,
        "bucket": "in_person" if is_class else "online",
        "hours": Decimal("15.00" if is_class else hours),
        "title": f"基层治理能力提升班第 {sequence} 期"
        if is_class
        else f"网格事项准入与闭环 {sequence}",
        "happened_on": day,
        "posted_at": datetime(day.year, day.month, day.day, 4, 30, person % 60, tzinfo=UTC),
        "policy": "2025.1",
        "grade": "documented" if is_class else "timed",
        "outcome": "earned",
        "source_kind": "class" if is_class else "viewing",
        "source_key": f"{person}-{sequence}",
        "evidence": {
            "watched": [[0, seconds]],
            "duration_seconds": seconds,
            "needed": seconds - 60,
        },
        "arithmetic": [["片长", f"{seconds // 60} 分钟"], ["折算", f"{hours} 学时"]],
    }
