"""The one SQL statement that judges and writes a batch of beats."""

from collections.abc import Sequence
from dataclasses import dataclass

from psycopg import AsyncConnection, AsyncRawCursor

from media.beats.wire import Claim

# How far a claim may run ahead of the database's clock: rounding and network jitter.
TOLERANCE_SECONDS = 2

# Rows are locked in id order, and a row somebody else holds is skipped: its beat comes again with
# the next batch, so one slow transaction holds up one person and two workers cannot deadlock.
# What lies beyond the lecture, or beyond what of a live one has been spoken, is left out of the claim.
# A claim's cost in wall time is what it adds to what counts, divided by the rate it was played at.
# Seconds nobody vouched for at a roll call do not count until they come again (ADR 0026).
JUDGE = f"""
WITH beat AS MATERIALIZED (
  SELECT * FROM unnest(
    $1::int8[], $2::int8[], $3::int4multirange[], $4::float8[], $5::int4[]
  ) WITH ORDINALITY AS b (viewing_id, person_id, ranges, rate, position, n)
), clock AS MATERIALIZED (
  SELECT person_id, consumed_until, consumed_by_viewing
  FROM media_viewerclock WHERE person_id = ANY ($2::int8[])
  ORDER BY person_id FOR NO KEY UPDATE SKIP LOCKED
), viewing AS MATERIALIZED (
  SELECT id, person_id, watched, unattended, last_beat_at, duration_seconds,
    CASE WHEN live_since IS NULL THEN duration_seconds ELSE least(
      duration_seconds, extract(epoch FROM now() - live_since)::int + {TOLERANCE_SECONDS}
    ) END AS spoken_seconds
  FROM media_viewingsession WHERE id = ANY ($1::int8[])
  ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
), claim AS MATERIALIZED (
  SELECT b.n, v.id, c.person_id, b.position, s.ranges, s.gained, v.watched + s.ranges AS watched,
    v.unattended - s.ranges AS unattended, v.duration_seconds,
    v.last_beat_at, c.consumed_until, c.consumed_by_viewing,
    (SELECT coalesce(sum(upper(r) - lower(r)), 0) FROM unnest(s.gained) AS r)
      / b.rate * interval '1 second' AS cost
  FROM beat b
  JOIN viewing v ON v.id = b.viewing_id AND v.person_id = b.person_id
  CROSS JOIN LATERAL (
    SELECT ranges, ranges - (v.watched - v.unattended) AS gained
    FROM (SELECT b.ranges * int4multirange(int4range(0, v.spoken_seconds)) AS ranges) clipped
  ) s
  JOIN clock c ON c.person_id = b.person_id
), verdict AS MATERIALIZED (
  SELECT *, greatest(consumed_until, last_beat_at) + cost AS consumed_to,
    now() + interval '{TOLERANCE_SECONDS} seconds' AS latest
  FROM claim
), moved AS (
  UPDATE media_viewerclock c SET consumed_until = x.consumed_to, consumed_by_viewing = x.id,
    spent = c.spent + x.cost
  FROM verdict x
  WHERE c.person_id = x.person_id AND x.consumed_to <= x.latest AND x.cost > interval '0'
), written AS (
  UPDATE media_viewingsession v
  SET watched = x.watched, last_beat_at = now(), position_seconds = x.position,
    unattended = x.unattended,
    watched_live = CASE WHEN v.live_since IS NULL THEN v.watched_live
      ELSE v.watched_live + x.ranges END,
    awaiting = CASE WHEN v.present_until IS NULL THEN v.awaiting ELSE v.awaiting + x.gained END
  FROM verdict x WHERE v.id = x.id AND x.consumed_to <= x.latest
)
SELECT b.n,
  CASE
    WHEN x.consumed_to <= x.latest THEN 'accepted'
    WHEN x.consumed_by_viewing <> x.id AND x.last_beat_at + x.cost <= x.latest
      THEN 'another_video'
    WHEN x.n IS NOT NULL THEN 'clock_exceeded'
    WHEN EXISTS (SELECT FROM media_viewingsession WHERE id = b.viewing_id) THEN 'busy'
    ELSE 'unknown'
  END,
  CASE WHEN x.consumed_to <= x.latest
    THEN (int4multirange(int4range(0, x.duration_seconds)) - (x.watched - x.unattended))::text
    END,
  extract(epoch FROM x.consumed_to - x.latest)::float8
FROM beat b LEFT JOIN verdict x ON x.n = b.n
"""  # noqa: S608 - the only insertion is our own number


@dataclass(slots=True)
class Verdict:
    """`outcome`: accepted, clock_exceeded, another_video, busy (row held elsewhere), unknown.

    `missing` is PostgreSQL's text of the seconds not yet watched, when accepted;
    `wait_seconds` is how long until the refused claim would fit the clock.
    """

    outcome: str
    missing: str | None
    wait_seconds: float | None


async def judge_claims(connection: AsyncConnection, claims: Sequence[Claim]) -> list[Verdict]:
    """Judge and write the claims, at most one a person, in one transaction; durable on return."""
    cursor = AsyncRawCursor(connection)
    # Array literals built here: adapting Python lists costs more than the statement's own parsing.
    await cursor.execute(
        JUDGE,
        (
            _array(str(c.viewing_id) for c in claims),
            _array(str(c.person_id) for c in claims),
            _array(f'"{_multirange(c.spans)}"' for c in claims),
            _array(repr(c.rate) for c in claims),
            _array(str(c.position_seconds) for c in claims),
        ),
        prepare=True,
    )
    verdicts: list[Verdict] = [None] * len(claims)  # type: ignore[list-item]
    for number, outcome, missing, wait in await cursor.fetchall():
        verdicts[number - 1] = Verdict(outcome, missing, wait)
    return verdicts


def _array(items) -> str:
    return "{" + ",".join(items) + "}"


def _multirange(spans: list[tuple[int, int]]) -> str:
    return "{" + ",".join([f"[{lower},{upper})" for lower, upper in spans]) + "}"
