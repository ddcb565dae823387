"""Writers: enrolment, unit progress, and the settlement of what was watched."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from courses.catalogue.models import CourseUnit
from courses.learning.models import Enrolment, UnitProgress
from courses.learning.rules import (
    Coverage,
    arithmetic_of,
    band_in_words,
    coverage_of,
    rule_in_words,
)
from lms.common.clock import local_date
from lms.common.errors import Refusal
from lms.common.spans import common
from lms.credits.models import LedgerEntry, PolicyVersion
from lms.credits.selectors import policy_for
from lms.credits.services import post_online_entry
from lms.people.models import Person, Posting
from media.live.selectors import can_be_watched
from media.models import Video, ViewingSession
from media.viewing import open_viewing


class NoPolicy(Refusal):
    code = "no_policy"
    sentence = "你所在的单位还没有学时规则，暂时不能结算。看过的时段都留着，规则施行后自动补算。"
    status = 409


@dataclass(frozen=True)
class Settlement:
    """What a viewing came to. `state`: earned, capped, cap_reached, short, none."""

    state: str
    coverage: Coverage
    entry: LedgerEntry | None = None

    @property
    def hours(self) -> Decimal:
        return self.entry.hours if self.entry else Decimal(0)


ENROL = """
WITH enrolment AS (
  INSERT INTO learning_enrolment (person_id, package_key, posting_id, started_at, last_seen_at)
  VALUES (%(person)s, %(package)s, %(posting)s, %(at)s, %(at)s)
  ON CONFLICT (person_id, package_key) DO UPDATE SET last_seen_at = EXCLUDED.last_seen_at
)
INSERT INTO learning_unitprogress
  (person_id, unit_key, package_key, status, covered_seconds, needed_seconds, updated_at, hours)
VALUES (%(person)s, %(unit)s, %(package)s, %(started)s, 0, 0, %(at)s, 0)
ON CONFLICT (person_id, unit_key) DO NOTHING
"""


def enrol(*, person: Person, unit: CourseUnit, posting: Posting, at: datetime) -> None:
    """Note that a person opened a unit of a package: begins the package and the unit once."""
    with connection.cursor() as cursor:
        cursor.execute(
            ENROL,
            {
                "person": person.pk,
                "package": unit.package.key,
                "unit": unit.key,
                "posting": posting.pk,
                "started": UnitProgress.Status.STARTED,
                "at": at,
            },
        )


def open_unit(
    *, person: Person, unit: CourseUnit, posting: Posting, at: datetime
) -> ViewingSession | None:
    """Enrol and, where there is something to play, start the viewing's clock; it is returned."""
    with transaction.atomic():
        enrol(person=person, unit=unit, posting=posting, at=at)
        if unit.video is None or not can_be_watched(unit.video):
            return None
        return open_viewing(person=person, video=unit.video, posting=posting, at=at)


def finish_reading(*, person: Person, unit: CourseUnit, posting: Posting, at: datetime) -> None:
    """A learner says a reading is read. It completes the unit and earns no hours by itself."""
    with transaction.atomic():
        enrol(person=person, unit=unit, posting=posting, at=at)
        UnitProgress.objects.filter(
            person=person, unit_key=unit.key, completed_at__isnull=True
        ).update(status=UnitProgress.Status.DONE, completed_at=at, updated_at=at)


def unassessed_viewings() -> QuerySet[ViewingSession]:
    """Not settled, and watched on since they were last assessed; of nobody merged, of nothing live."""
    return ViewingSession.objects.filter(
        Q(assessed_at__isnull=True) | Q(assessed_at__lt=F("last_beat_at")),
        settled_at__isnull=True,
        live_since__isnull=True,  # nobody knows yet how much there is to watch
    )


def settle_before_cut(*, video: Video, at: datetime) -> None:
    """Another span is about to be written: who has seen enough of the old one gets their hours first."""
    due = unassessed_viewings().filter(video=video, person__merged_into__isnull=True)
    for viewing in due.select_related("person", "posting__unit", "video"):
        with suppress(NoPolicy):
            settle_viewing(viewing=viewing, at=at)


def settle_viewing(*, viewing: ViewingSession, at: datetime) -> Settlement:
    """Turn what was watched into hours when it is enough. Harmless to repeat.

    The entry falls on the local day of the last beat, under the rules in force that day for the
    posting the viewing happened under. Raises NoPolicy.
    """
    happened_on = local_date(viewing.last_beat_at)
    policy = policy_for(unit=viewing.posting.unit, on=happened_on)
    if policy is None:
        raise NoPolicy
    rules = policy.figures()
    coverage = coverage_of(viewing.counted, viewing.duration_seconds, rules, viewing.video.span)
    with transaction.atomic():
        entry = _post(viewing, coverage, policy, at) if coverage.is_enough else None
        _write_progress(viewing, coverage, entry, at)
        own = ViewingSession.objects.filter(pk=viewing.pk)
        own.update(assessed_at=at, settled_at=viewing.settled_at or (at if entry else None))
        # A cut marks every viewing of its video. One that came before this row was ours is seen here; one
        # that comes later marks the row anew.
        if entry is None and Video.objects.get(pk=viewing.video_id).span != viewing.video.span:
            own.update(assessed_at=None)
    if entry is None:
        return Settlement("short" if coverage.covered_seconds else "none", coverage)
    return Settlement(entry.outcome, coverage, entry)


def _post(
    viewing: ViewingSession, coverage: Coverage, policy: PolicyVersion, at: datetime
) -> LedgerEntry:
    rules = policy.figures()
    words = band_in_words(coverage.duration_seconds, rules)
    return post_online_entry(
        person=viewing.person,
        posting=viewing.posting,
        band_hours=coverage.band_hours,
        title=_title(viewing),
        happened_on=local_date(viewing.last_beat_at),
        policy_version=policy,
        source_kind="viewing",
        source_key=str(viewing.video.key),
        evidence={
            "watched": [list(span) for span in coverage.watched],
            **_live_evidence(viewing, coverage),
            **_trimmed_evidence(coverage),
            "duration_seconds": coverage.duration_seconds,
            "covered_seconds": coverage.covered_seconds,
            "needed_seconds": coverage.needed_seconds,
            "opened_at": viewing.opened_at.isoformat(),
            "last_beat_at": viewing.last_beat_at.isoformat(),
            "rule": rule_in_words(rules),
        },
        arithmetic=arithmetic_of(coverage, rules.coverage_share, words),
        by=None,
        at=at,
    )


def _trimmed_evidence(coverage: Coverage) -> dict[str, Any]:
    """Which seconds of the recording were the lecture; nothing where all of it was."""
    if not coverage.is_trimmed:
        return {}
    return {"span": [coverage.start_seconds, coverage.end_seconds]}


def _live_evidence(viewing: ViewingSession, coverage: Coverage) -> dict[str, Any]:
    """What of it was watched while it was spoken; nothing for a lecture that never was live."""
    if not viewing.watched_live:
        return {}
    live = common(viewing.watched_live, coverage.watched)
    return {
        "watched_live": [list(span) for span in live],
        "unattended": [list(span) for span in viewing.unattended],
    }


def _title(viewing: ViewingSession) -> str:
    """`package · unit`, from the package this person opened last; the video's own title otherwise."""
    units = list(
        CourseUnit.objects.filter(video=viewing.video).select_related("package").defer("body")
    )
    opened = dict(
        Enrolment.objects.filter(
            person=viewing.person, package_key__in=[u.package.key for u in units]
        ).values_list("package_key", "last_seen_at")
    )
    units = [unit for unit in units if unit.package.key in opened]
    if not units:
        return viewing.video.title
    unit = max(units, key=lambda unit: opened[unit.package.key])
    return f"{unit.package.title} · {unit.title}"[:300]


def _write_progress(
    viewing: ViewingSession, coverage: Coverage, entry: LedgerEntry | None, at: datetime
) -> None:
    """Every unit that shows this video and that the person has begun learns of it."""
    keys = CourseUnit.objects.filter(video=viewing.video).values("key")
    rows = UnitProgress.objects.filter(person=viewing.person, unit_key__in=keys)
    facts = {
        "covered_seconds": coverage.covered_seconds,
        "needed_seconds": coverage.needed_seconds,
        "updated_at": at,
    }
    if entry is None:
        rows.exclude(status=UnitProgress.Status.DONE).update(
            status=UnitProgress.Status.SHORT if coverage.has_gap else UnitProgress.Status.STARTED,
            **facts,
        )
    else:
        rows.filter(completed_at__isnull=True).update(
            status=UnitProgress.Status.DONE,
            completed_at=at,
            entry_sequence=entry.sequence,
            hours=entry.hours,
            **facts,
        )
