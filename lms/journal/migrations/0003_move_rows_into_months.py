"""Rows of the plain table get a digest and go to the month they belong to; months ahead are made."""

import json

from django.conf import settings
from django.db import connection, migrations

from lms.journal.rules import entry_digest

AHEAD = 3
ADD_MONTHS = """
SELECT journal_add_month(month::date, %(zone)s) FROM generate_series(
  date_trunc('month', (SELECT coalesce(min(at), now()) FROM journal_unpartitioned)),
  date_trunc('month', now()) + interval '1 month' * %(ahead)s, interval '1 month'
) month
"""
COLUMNS = (
    "at", "actor_id", "posting_id", "unit_id", "action", "object_type", "object_id", "subject_id",
    "object_unit_id", "outcome", "code", "reason", "address", "detail",
)  # fmt: skip
# What the later writer derives from the object is known here where the object is a person.
ROWS = """
SELECT e.id, e.at, e.actor_id, e.posting_id, t.unit_id, e.action, e.object_type, e.object_id, p.id,
  NULL, e.outcome, e.code, e.reason, host(e.address), e.detail
FROM journal_unpartitioned e
LEFT JOIN people_posting t ON t.id = e.posting_id
LEFT JOIN people_person p ON e.object_type = 'people.Person' AND p.id::text = e.object_id
ORDER BY e.id
"""
INSERT = f"""
INSERT INTO journal_journalentry (id, {", ".join(COLUMNS)}, digest)
OVERRIDING SYSTEM VALUE VALUES ({", ".join(["%s"] * (len(COLUMNS) + 2))})
"""
NEXT_ID = """
SELECT setval(pg_get_serial_sequence('journal_journalentry', 'id'), greatest(max(id), 1))
FROM journal_unpartitioned
"""


def move_rows(apps, schema_editor):
    with connection.cursor() as cursor:
        cursor.execute(ADD_MONTHS, {"zone": settings.TIME_ZONE, "ahead": AHEAD})
        cursor.fetchall()
        cursor.execute(ROWS)
        for row in cursor.fetchall():
            fields = dict(zip(COLUMNS, row[1:], strict=True))
            # Django's cursor leaves jsonb as text.
            digest = entry_digest(**fields | {"detail": json.loads(fields["detail"])})
            cursor.execute(INSERT, [row[0], *fields.values(), digest])
        cursor.execute(NEXT_ID)
        cursor.fetchall()


class Migration(migrations.Migration):

    dependencies = [('journal', '0002_partition_by_month')]

    operations = [migrations.RunPython(move_rows, migrations.RunPython.noop)]
