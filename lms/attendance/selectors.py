"""Readers: who was there, and what waits for a human."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from lms.attendance.models import Decision, Occasion, Scan
from lms.attendance.rules import Finding, LeaveStanding, Reason, Verdict, finding

# One row for each person expected or seen. What counts is a union by shape, the earliest sign-in and
# the latest sign-out of the scans that stand, so a repeat changes nothing. Rows of a merged account
# are the kept account's.
_ATTENDANCE = """
WITH standing AS (
    SELECT decision.* FROM attendance_decision decision
    WHERE decision.occasion_id = %(occasion)s
      AND NOT EXISTS (SELECT FROM attendance_decision later WHERE later.replaces_id = decision.id)
), seen AS (
    SELECT coalesce(person.merged_into_id, person.id) AS person_id,
           min(scan.happened_at) FILTER (WHERE scan.direction = 'in') AS signed_in_at,
           max(scan.happened_at) FILTER (WHERE scan.direction = 'out') AS signed_out_at
    FROM attendance_scan scan
    JOIN people_person person ON person.id = scan.person_id
    LEFT JOIN standing ON standing.scan_id = scan.id
    WHERE scan.occasion_id = %(occasion)s
      AND coalesce(standing.ruling, CASE scan.doubt WHEN '' THEN 'accepted' END) = 'accepted'
    GROUP BY 1
), expected AS (
    SELECT DISTINCT coalesce(person.merged_into_id, person.id) AS person_id
    FROM attendance_expected expected
    JOIN people_person person ON person.id = expected.person_id
    WHERE expected.occasion_id = %(occasion)s AND expected.withdrawn_at IS NULL
), decided AS (
    SELECT DISTINCT ON (1) coalesce(person.merged_into_id, person.id) AS person_id,
           standing.ruling, standing.reason
    FROM standing
    JOIN people_person person ON person.id = standing.person_id
    WHERE standing.scan_id IS NULL AND standing.ruling <> 'as_recorded'
    ORDER BY 1, standing.decided_at DESC
), leave AS (
    SELECT DISTINCT coalesce(person.merged_into_id, person.id) AS person_id
    FROM attendance_leaverequest request
    JOIN people_person person ON person.id = request.person_id
    WHERE request.occasion_id = %(occasion)s AND request.state = 'granted'
)
SELECT person.id, person.name, person.staff_number, seen.signed_in_at, seen.signed_out_at,
       expected.person_id IS NOT NULL, leave.person_id IS NOT NULL,
       coalesce(decided.ruling, ''), coalesce(decided.reason, '')
FROM (SELECT person_id FROM expected UNION SELECT person_id FROM seen
      UNION SELECT person_id FROM decided) who
JOIN people_person person ON person.id = who.person_id
LEFT JOIN seen USING (person_id)
LEFT JOIN expected USING (person_id)
LEFT JOIN decided USING (person_id)
LEFT JOIN leave USING (person_id)
ORDER BY person.pinyin_initials, person.name, person.id
"""


@dataclass(frozen=True)
class Attendance:
    """One person at one occasion. `decision` is the reason a human gave, empty where none did."""

    person_id: int
    name: str
    staff_number: str
    signed_in_at: datetime | None
    signed_out_at: datetime | None
    is_expected: bool
    finding: Finding
    decision: str = ""

    @property
    def was_there(self) -> bool:
        return self.finding.verdict in (Verdict.ON_TIME, Verdict.LATE, Verdict.LEFT_EARLY)


def attendance_of(*, occasion: Occasion, at: datetime) -> list[Attendance]:
    """Everybody expected or seen, by pinyin; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_ATTENDANCE, {"occasion": occasion.pk})
        return [_attendance(occasion, row, at) for row in cursor.fetchall()]


def _attendance(occasion: Occasion, row: Sequence, at: datetime) -> Attendance:
    person_id, name, number, came, left, is_expected, has_leave, ruling, reason = row
    found = finding(
        occasion.window, signed_in_at=came, signed_out_at=left, has_leave=has_leave, at=at
    )
    if ruling:
        found = Finding(Verdict(ruling), Reason.DECIDED, found.late_minutes, found.early_minutes)
    return Attendance(person_id, name, number, came, left, is_expected, found, reason)


def undecided(*, occasions: QuerySet[Occasion]) -> QuerySet[Scan]:
    """Doubted scans nobody has decided about, the oldest first."""
    decided = Decision.objects.filter(scan__isnull=False).values("scan")
    waiting = Scan.objects.filter(occasion__in=occasions).exclude(doubt="")
    waiting = waiting.exclude(pk__in=decided).select_related("occasion", "person", "by", "witness")
    return waiting.order_by("happened_at", "pk")


def standing_decision(*, occasion: Occasion, person_id: int, scan: Scan | None) -> Decision | None:
    """The last of the chain about the scan, or about the person there."""
    found = Decision.objects.filter(occasion=occasion, replaced_by=None)
    if scan is not None:
        return found.filter(scan=scan).first()
    return found.filter(scan=None, person=person_id).first()


def leave_standings(*, class_key: UUID, at: datetime) -> dict[int, LeaveStanding]:
    """Of everybody on leave somewhere in the class: how much of its whole length, by person id."""
    whole = timedelta()
    taken: dict[int, timedelta] = defaultdict(timedelta)
    for occasion in Occasion.objects.filter(class_key=class_key, cancelled_at=None):
        length = occasion.ends_at - occasion.starts_at
        whole += length
        for row in attendance_of(occasion=occasion, at=at):
            if row.finding.verdict == Verdict.ON_LEAVE:
                taken[row.person_id] += length
    return {person_id: LeaveStanding(span, whole) for person_id, span in taken.items()}
