"""Readers: where a person stands in units and packages. Query counts do not grow with the data."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.utils.functional import cached_property

from courses.catalogue.models import CoursePackagePage, CourseUnit
from courses.learning.models import Enrolment, UnitProgress
from courses.learning.rules import Coverage, coverage_of
from courses.learning.shelf import ShelfItem, shelf
from lms.common.spans import Spans, common
from lms.credits.rules import Rules, covered
from lms.people.models import Person
from media.live.selectors import expected_seconds
from media.models import ViewingSession


@dataclass(frozen=True)
class UnitState:
    """One unit as one person sees it. `status`: new, started, short, done; `pending` while the
    video is still being transcoded or the lecture not over; `expected` is then the planned length."""

    unit: CourseUnit
    number: int
    status: str
    coverage: Coverage | None = None
    completed_at: datetime | None = None
    hours: Decimal = Decimal(0)
    position_seconds: int = 0
    expected: Coverage | None = None

    @property
    def percent(self) -> int:
        if self.status == "done":
            return 100
        return self.coverage.percent if self.coverage else 0


@dataclass(frozen=True)
class PackageState:
    """A package with its units as one person sees it."""

    package: CoursePackagePage
    units: Sequence[UnitState]
    url: str

    @cached_property
    def possible_hours(self) -> Decimal:
        """What it gives when watched in full; a lecture to come counts as planned."""
        return sum((one.band_hours for one in self._lengths()), Decimal(0))

    @cached_property
    def earned_hours(self) -> Decimal:
        return sum((u.hours for u in self.units), Decimal(0))

    @cached_property
    def duration_seconds(self) -> int:
        return sum(one.duration_seconds for one in self._lengths())

    def _lengths(self) -> list[Coverage]:
        return [known for u in self.units if (known := u.coverage or u.expected) is not None]

    @cached_property
    def percent(self) -> int:
        """Mean over the units of what is watched or read, whole per cent."""
        return sum(u.percent for u in self.units) // len(self.units) if self.units else 0

    @cached_property
    def done_count(self) -> int:
        return sum(1 for u in self.units if u.status == "done")

    @property
    def is_done(self) -> bool:
        return self.done_count == len(self.units)

    @property
    def is_begun(self) -> bool:
        return any(u.status not in {"new", "pending"} for u in self.units)

    @cached_property
    def next_unit(self) -> UnitState | None:
        """Where to go on: a short unit first, then one begun, then the first new one."""
        for status in ("short", "started", "new"):
            for unit in self.units:
                if unit.status == status:
                    return unit
        return None

    @property
    def status(self) -> str:
        if self.is_done:
            return "done"
        if any(u.status == "short" for u in self.units):
            return "short"
        return "started" if self.is_begun else "new"


def unit_by_key(key: UUID) -> CourseUnit | None:
    """Any unit as the database has it now, drafts included."""
    return CourseUnit.objects.filter(key=key).select_related("package__owner_unit", "video").first()


def package_states(
    *, items: Sequence[ShelfItem], person: Person | None, rules: Rules
) -> list[PackageState]:
    """Every package's state for `person` (None: a visitor), in two queries."""
    viewings, progress = _records([unit for item in items for unit in item.units], person)
    return [
        _package_state(item.page, item.units, viewings, progress, rules, item.url) for item in items
    ]


def package_state(
    *, package: CoursePackagePage, person: Person | None, rules: Rules
) -> PackageState:
    """One package's state; the units come from the page object, so a draft shows its draft units."""
    units = list(package.units.all())
    viewings, progress = _records(units, person)
    return _package_state(package, units, viewings, progress, rules, package.get_url() or "")


def _package_state(
    package: CoursePackagePage,
    units: Sequence[CourseUnit],
    viewings: dict[int, ViewingSession],
    progress: dict[UUID, UnitProgress],
    rules: Rules,
    url: str,
) -> PackageState:
    states = [
        _unit_state(unit, number, viewings, progress, rules)
        for number, unit in enumerate(units, start=1)
    ]
    return PackageState(package=package, units=states, url=url)


def _records(
    units: Iterable[CourseUnit], person: Person | None
) -> tuple[dict[int, ViewingSession], dict[UUID, UnitProgress]]:
    if person is None:
        return {}, {}
    video_ids = [unit.video_id for unit in units if unit.video_id]
    viewings = ViewingSession.objects.filter(person=person, video__in=video_ids)
    progress = UnitProgress.objects.filter(person=person, unit_key__in=[unit.key for unit in units])
    return {v.video_id: v for v in viewings}, {p.unit_key: p for p in progress}


def _unit_state(
    unit: CourseUnit,
    number: int,
    viewings: dict[int, ViewingSession],
    progress: dict[UUID, UnitProgress],
    rules: Rules,
) -> UnitState:
    known = progress.get(unit.key)
    if unit.video is None:
        return UnitState(
            unit=unit,
            number=number,
            status=known.status if known else "new",
            completed_at=known.completed_at if known else None,
        )
    viewing = viewings.get(unit.video_id) if unit.video_id else None
    is_live = viewing is not None and viewing.live_since is not None
    if is_live or (viewing is None and not unit.video.is_ready):
        planned = expected_seconds(unit.video)
        return UnitState(
            unit=unit,
            number=number,
            status="pending",
            expected=coverage_of([], planned, rules) if planned else None,
        )
    duration = viewing.duration_seconds if viewing else unit.video.duration_seconds
    coverage = coverage_of(viewing.counted if viewing else [], duration, rules)
    return UnitState(
        unit=unit,
        number=number,
        status=_video_status(known, coverage),
        coverage=coverage,
        completed_at=known.completed_at if known else None,
        hours=known.hours if known else Decimal(0),
        position_seconds=viewing.position_seconds if viewing else 0,
    )


def _video_status(known: UnitProgress | None, coverage: Coverage) -> str:
    """`short` once a gap was left behind, `started` before."""
    if known is not None and known.status == UnitProgress.Status.DONE:
        return "done"
    if coverage.covered_seconds == 0:
        return "new"
    return "short" if coverage.has_gap else "started"


def recent_packages(*, person: Person, limit: int) -> list[ShelfItem]:
    """Packages the person opened last, newest first; those no longer on the shelf are left out."""
    keys = Enrolment.objects.filter(person=person).order_by("-last_seen_at")
    known = shelf().by_key
    opened = keys.values_list("package_key", flat=True)[: limit * 3]
    return [known[key] for key in opened if key in known][:limit]


def last_seen_times(
    *, person: Person, packages: Sequence[CoursePackagePage]
) -> dict[UUID, datetime]:
    rows = Enrolment.objects.filter(person=person, package_key__in=[p.key for p in packages])
    return dict(rows.values_list("package_key", "last_seen_at"))


@dataclass(frozen=True)
class Standing:
    """How far one person is in one package."""

    state: str  # new | started | short | done
    percent: int
    earned: Decimal


def standings(*, person: Person, items: Sequence[ShelfItem]) -> dict[UUID, Standing]:
    """package key → standing, in two queries however long the shelf is."""
    viewings = ViewingSession.objects.filter(person=person).only(
        "video_id", "watched", "unattended"
    )
    watched = {viewing.video_id: covered(viewing.counted) for viewing in viewings}
    progress = {
        key: (status, hours)
        for key, status, hours in UnitProgress.objects.filter(person=person).values_list(
            "unit_key", "status", "hours"
        )
    }
    return {item.key: _standing(item, watched, progress) for item in items}


def _standing(
    item: ShelfItem, watched: dict[int, int], progress: dict[UUID, tuple[str, Decimal]]
) -> Standing:
    records = [progress[unit.key] for unit in item.units if unit.key in progress]
    statuses = {status for status, _hours in records}
    if records and len(records) == len(item.units) and statuses == {"done"}:
        state = "done"
    elif "short" in statuses:
        state = "short"
    else:
        state = "started" if records else "new"
    return Standing(
        state=state,
        percent=_percent(item, watched, progress),
        earned=sum((hours for _status, hours in records), Decimal(0)),
    )


def _percent(
    item: ShelfItem, watched: dict[int, int], progress: dict[UUID, tuple[str, Decimal]]
) -> int:
    """Mean over the units, as `PackageState.percent` has it."""
    shares = []
    for unit in item.units:
        if progress.get(unit.key, ("", 0))[0] == "done":
            shares.append(100)
        else:
            seen = watched.get(unit.video_id, 0) if unit.video_id else 0
            length = unit.video.duration_seconds if unit.video else 0
            shares.append(min(100, seen * 100 // length) if length else 0)
    return sum(shares) // len(shares) if shares else 0


@dataclass(frozen=True)
class Unearned:
    """A video begun and not yet earned: what is missing, and where to go on."""

    unit: CourseUnit
    coverage: Coverage
    last_beat_at: datetime
    watched_live: Spans
    unattended: Spans


def unearned_viewings(
    *, person: Person, year: int, rules: Rules, limit: int = 50
) -> list[Unearned]:
    """Videos watched in part this year, newest first."""
    viewings = (
        ViewingSession.objects.filter(
            person=person, settled_at__isnull=True, last_beat_at__year=year
        )
        .exclude(watched=[])
        .order_by("-last_beat_at")[:limit]
    )
    units = {unit.video_id: unit for _item, unit in shelf().units.values()}
    return [
        Unearned(
            units[v.video_id],
            coverage_of(v.counted, v.duration_seconds, rules),
            v.last_beat_at,
            common(v.watched_live, v.counted),
            v.unattended,
        )
        for v in viewings
        if v.video_id in units
    ]
