"""Many persons with one opened viewing each, made by the database itself."""

import psycopg
from psycopg import sql

VIDEO_SECONDS = 3600

# Person, posting and viewing of one learner share a number from 1 to `viewings`.
ROWS = """
INSERT INTO people_unit (code, name, level, path)
  VALUES ('bench', '松阳县', 'county', '33/3311/331124/');
INSERT INTO people_person
  (id, password, is_superuser, staff_number, name, pinyin_initials, phone, email, id_number,
   is_active, created_at)
  OVERRIDING SYSTEM VALUE
  SELECT n, '', false, n, '学员', '', '', '', '', true, now()
  FROM generate_series(1, {viewings}) n;
INSERT INTO people_posting (id, person_id, unit_id, title, post_level, rank, from_date)
  OVERRIDING SYSTEM VALUE
  SELECT p.id, p.id, u.id, '', 'staff', '', '2024-01-01' FROM people_person p, people_unit u;
INSERT INTO media_video
  (key, title, owner_unit_id, source, source_name, source_bytes, source_sha256, state, progress,
   failure_code, failure_sentence, duration_seconds, width, height, has_audio, created_at,
   is_hidden, cold_name, cold_refusal)
  SELECT gen_random_uuid(), '讲座', id, '', '', 0, '', 'ready', 100, '', '', {video_seconds},
    0, 0, true, now(), false, '', '' FROM people_unit;
INSERT INTO media_viewerclock (person_id, consumed_until)
  SELECT id, now() - interval '2 hours' FROM people_person;
INSERT INTO media_viewingsession
  (id, person_id, video_id, posting_id, duration_seconds, watched, position_seconds, opened_at,
   last_beat_at)
  OVERRIDING SYSTEM VALUE
  SELECT p.id, p.id, v.id, p.id, {video_seconds}, '{{}}', 0,
    now() - interval '2 hours', now() - interval '2 hours' FROM people_person p, media_video v;
"""
REWIND = """
UPDATE media_viewerclock SET consumed_until = now() - interval '2 hours';
UPDATE media_viewingsession SET watched = '{}', last_beat_at = now() - interval '2 hours';
"""


def open_viewings(database_url: str, viewings: int) -> None:
    """Fill a migrated, empty database: every viewing was opened two hours ago."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        numbers = {"viewings": sql.Literal(viewings), "video_seconds": sql.Literal(VIDEO_SECONDS)}
        connection.execute(sql.SQL(ROWS).format(**numbers))
        connection.execute("VACUUM ANALYZE")


def rewind_viewings(database_url: str) -> None:
    """Nothing watched again, opened two hours ago."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(REWIND)
        connection.execute("VACUUM ANALYZE media_viewingsession, media_viewerclock")
