"""The one statement that compares every staged row with what is known, and judges it."""

from django.db.models import ForeignKey, ForeignObjectRel

from lms.people.models import Posting

# A title or rank that was empty is filled in; any other change of it begins a posting, like a change
# of unit or level, so that facts keep what was true when they happened. A posting that begins today
# or later and that no fact refers to is put right instead: nothing has happened under it.
PLAN = """
CREATE TEMPORARY TABLE roster_plan AS
WITH RECURSIVE scope AS (SELECT unnest(%(units)s::bigint[]) AS id),
protected AS (
  SELECT DISTINCT person_id FROM people_rolegrant
  WHERE role = ANY(%(protected_roles)s) AND revoked_on IS NULL
    AND (to_date IS NULL OR to_date >= %(today)s) AND person_id <> %(by)s
),
became AS (
  SELECT id AS closed_id, merged_into_id AS unit_id FROM people_unit WHERE closed_on IS NOT NULL
  UNION ALL
  SELECT b.closed_id, u.merged_into_id FROM became b JOIN people_unit u ON u.id = b.unit_id
  WHERE u.closed_on IS NOT NULL
),
successor AS (
  SELECT b.closed_id, u.name || '（' || u.code || '）' AS name
  FROM became b JOIN people_unit u ON u.id = b.unit_id WHERE u.closed_on IS NULL
),
latest AS (
  SELECT DISTINCT ON (t.person_id) t.* FROM people_posting t WHERE t.person_id IN (
    SELECT coalesce(p.merged_into_id, p.id)
    FROM people_person p JOIN roster_row r ON r.staff_number = p.staff_number
  )
  ORDER BY t.person_id, t.from_date DESC
),
twice AS (
  SELECT number, min(number) OVER same AS first, max(number) OVER same AS last, count(*) OVER same AS times,
    min(said) OVER same = max(said) OVER same AS are_equal
  FROM (SELECT number, staff_number,
      row(name, unit_code, post_level, title, rank, from_date, phone, id_number, email)::text AS said
    FROM roster_row WHERE staff_number IS NOT NULL) s
  WINDOW same AS (PARTITION BY staff_number)
),
{shared}
zeros AS (
  SELECT DISTINCT r.number FROM roster_row r
  JOIN people_person o ON ltrim(o.staff_number, '0') = r.staff_number AND o.staff_number <> r.staff_number
  WHERE r.is_number
),
known AS (
  SELECT r.*, p.id AS person_id, u.id AS unit_id, t.id AS posting_id, t.to_date AS old_to_date,
    t.from_date AS old_from_date, p.name AS old_name, t.unit_id AS old_unit_id,
    t.post_level AS old_post_level, t.title AS old_title, t.rank AS old_rank,
    p.phone AS old_phone, p.email AS old_email,
    p.id IS NULL AS is_new, kept.staff_number AS kept_number,
    u.closed_on IS NOT NULL AS unit_is_closed, coalesce(s.name, '别的单位') AS successor,
    p.name <> r.name AS is_renamed,
    coalesce(p.phone <> r.phone, false) AS has_phone,
    coalesce(p.email <> r.email, false) AS has_email,
    coalesce(p.id_number <> r.id_number, false) AS has_id_number,
    t.id IS NULL OR t.unit_id <> u.id OR coalesce(t.to_date < %(today)s, false)
      OR coalesce(t.post_level <> r.post_level, false)
      OR coalesce(t.title <> '' AND t.title <> r.title, false)
      OR coalesce(t.rank <> '' AND t.rank <> r.rank, false) AS needs_posting,
    coalesce(t.title = '' AND r.title <> '', false) OR coalesce(t.rank = '' AND r.rank <> '', false)
      AS fills_posting,
    coalesce(r.from_date, %(today)s) AS asked_on
  FROM roster_row r
  LEFT JOIN people_person p ON p.staff_number = r.staff_number
  LEFT JOIN people_person kept ON kept.id = p.merged_into_id
  LEFT JOIN people_unit u ON u.code = r.unit_code
  LEFT JOIN successor s ON s.closed_id = u.id
  LEFT JOIN latest t ON t.person_id = coalesce(kept.id, p.id)
),
judged AS (
  SELECT k.*,
    CASE WHEN NOT needs_posting THEN CASE WHEN fills_posting THEN 'fill' ELSE 'none' END
      WHEN from_date <= old_to_date AND old_to_date < %(today)s THEN 'refuse'
      WHEN posting_id IS NULL OR asked_on > old_from_date THEN 'start'
      WHEN (from_date IS NULL OR from_date = old_from_date) AND NOT ({is_referred_to}) THEN 'amend'
      WHEN from_date IS NULL THEN 'start'
      ELSE 'refuse' END AS posting_action,
    CASE WHEN asked_on > old_from_date OR posting_id IS NULL THEN
      CASE WHEN from_date IS NULL AND old_to_date < %(today)s THEN greatest(asked_on, old_to_date + 1)
      ELSE asked_on END ELSE old_from_date + 1 END AS starts_on,
    (%(units)s::bigint[] IS NOT NULL AND k.unit_id IS NOT NULL AND su.id IS NULL) AS unit_is_elsewhere,
    (%(units)s::bigint[] IS NOT NULL AND k.person_id IS NOT NULL AND sp.id IS NULL) AS person_is_elsewhere,
    x.person_id IS NOT NULL AS is_protected
  FROM known k
  LEFT JOIN scope su ON su.id = k.unit_id
  LEFT JOIN scope sp ON sp.id = k.old_unit_id
  LEFT JOIN protected x ON x.person_id = k.person_id
),
rated AS (
SELECT j.number, j.person_id, j.unit_id, j.posting_id, j.is_new, j.is_renamed, j.has_phone, j.has_email,
  j.has_id_number, j.posting_action, j.starts_on, j.old_unit_id, j.old_post_level, j.old_title,
  j.old_rank, j.old_name, j.old_to_date, j.problems IS NOT NULL AS is_unread,
  CASE WHEN f.first = j.number THEN f.last ELSE f.first END AS other,
  array_remove(ARRAY[
    CASE WHEN j.unit_is_elsewhere THEN 'unit_elsewhere' END,
    CASE WHEN j.person_is_elsewhere THEN 'person_elsewhere' END,
    CASE WHEN j.unit_id IS NULL AND j.unit_code IS NOT NULL THEN 'unit_unknown' END,
    CASE WHEN j.unit_is_closed AND NOT j.unit_is_elsewhere THEN 'unit_closed:' || j.successor END,
    CASE WHEN NOT j.person_is_elsewhere THEN 'person_merged:' || j.kept_number END,
    CASE WHEN f.times > 1 AND (NOT f.are_equal OR f.first <> j.number) THEN 'duplicate_staff_number' END,
    CASE WHEN z.number IS NOT NULL AND j.is_new THEN 'zeros_lost' END,
    CASE WHEN NOT (j.unit_is_elsewhere OR j.unit_is_closed) AND j.kept_number IS NULL
      AND j.posting_action = 'refuse' THEN 'from_date_too_early' END,
    CASE WHEN j.is_protected AND %(units)s::bigint[] IS NOT NULL
      AND (j.has_phone OR j.has_email OR j.has_id_number) THEN 'contact_protected' END,
    {shared_codes}
  ]::text[], NULL) AS codes
FROM judged j
LEFT JOIN twice f ON f.number = j.number
LEFT JOIN zeros z ON z.number = j.number
{shared_joins}
)
SELECT *, CASE
  WHEN is_unread OR cardinality(codes) > 0 THEN 'rejected'
  WHEN is_new THEN 'created'
  WHEN is_renamed OR has_phone OR has_email OR has_id_number OR posting_action <> 'none' THEN 'updated'
  ELSE 'unchanged' END AS action
FROM rated
"""
# A phone, mail or ID number another person holds, in the file or in the database. One that changes
# hands inside the file is free, and what an account merged into this person holds is this person's.
SHARED = """
own_{name} AS (
  SELECT number, first_value(number) OVER same AS first,
    first_value(staff_number) OVER same <> staff_number AS is_later
  FROM roster_row WHERE {name} IS NOT NULL AND staff_number IS NOT NULL
  WINDOW same AS (PARTITION BY lower({name}) ORDER BY number)
),
held_{name} AS (
  SELECT DISTINCT r.number FROM roster_row r
  JOIN people_person o ON lower(o.{name}) = lower(r.{name}) AND o.staff_number <> r.staff_number
  LEFT JOIN people_person kept ON kept.id = o.merged_into_id
  LEFT JOIN roster_row other ON other.staff_number = o.staff_number
  WHERE (other.{name} IS NULL OR lower(other.{name}) = lower(r.{name}))
    AND kept.staff_number IS DISTINCT FROM r.staff_number
),
"""
SHARED_CODES = """
    CASE WHEN (j.is_new OR j.has_{name}) AND j.kept_number IS NULL AND own_{name}.is_later THEN 'duplicate_{name}:' || own_{name}.first END,
    CASE WHEN (j.is_new OR j.has_{name}) AND j.kept_number IS NULL AND held_{name}.number IS NOT NULL THEN '{name}_taken' END"""
SHARED_JOINS = """
LEFT JOIN own_{name} ON own_{name}.number = j.number
LEFT JOIN held_{name} ON held_{name}.number = j.number"""
UNIQUE_TO_A_PERSON = ("id_number", "phone", "email")


def plan_statement() -> str:
    return PLAN.format(
        shared="".join(SHARED.format(name=name) for name in UNIQUE_TO_A_PERSON),
        shared_codes=",".join(SHARED_CODES.format(name=name) for name in UNIQUE_TO_A_PERSON),
        shared_joins="".join(SHARED_JOINS.format(name=name) for name in UNIQUE_TO_A_PERSON),
        is_referred_to=_is_referred_to("k.posting_id"),
    )


def _is_referred_to(posting: str) -> str:
    """SQL: whether any fact of any room keeps that posting."""
    facts = [
        (relation.related_model._meta.db_table, relation.field.column)
        for relation in Posting._meta.get_fields(include_hidden=True)
        if isinstance(relation, ForeignObjectRel) and isinstance(relation.field, ForeignKey)
    ]
    return (
        " OR ".join(
            f'EXISTS (SELECT 1 FROM "{table}" fact WHERE fact."{column}" = {posting})'  # noqa: S608 - names of our own tables
            for table, column in facts
        )
        or "false"
    )
