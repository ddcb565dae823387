"""The steps in order: read and stage, compare, write. Nothing is written before all of it is known."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import file_digest
from pathlib import Path

from django.db import transaction

from lms.common.acts import note
from lms.common.clock import local_date
from lms.people.models import Person, RosterImport
from lms.people.roster.diff import Plan, make_plan, rejections
from lms.people.roster.errors import RosterRefused
from lms.people.roster.reading import opened
from lms.people.roster.staging import stage_rows, staging
from lms.people.roster.writing import lock_rosters, write_plan

KEPT_COUNTS = ("rows", "created", "updated", "unchanged", "rejected", "foreign")
Told = Callable[[int, int], None]


@dataclass(frozen=True)
class Result:
    """What an import did, or would do."""

    counts: dict[str, int]
    rejected: list[dict[str, object]] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        names = ("created", "updated", "unchanged")
        return {name: self.counts.get(name, 0) for name in names} | {"rejected": self.rejected}


def import_roster(
    *, path: Path, by: Person | None, at: datetime, is_dry_run: bool = False
) -> Result:
    """Import a whole file at once, as the command does. `by=None`: the system, for every unit.

    Rows with errors are left out and reported. Raises RosterRefused, with the rows it is for, when
    the file cannot be read, asks for what no roster may, or names units or persons out of reach; then
    nothing is written.
    """
    try:
        with staging():
            stage_file(
                path=path, name=path.name, on=local_date(at), on_progress=lambda done, total: None
            )
            with transaction.atomic():
                lock_rosters()
                plan = make_plan(by=by, on=local_date(at))
                result = Result(plan.counts, [problem for problem, _cells in rejections()])
                if plan.counts["foreign"]:
                    raise foreign_rows(plan, result.rejected)
                if not is_dry_run:
                    write_plan(at=at)
                    _record(path=path, plan=plan, by=by, at=at)
        return result
    except RosterRefused as refusal:
        if not is_dry_run:
            note_refusal(by=by, at=at, code=refusal.code, detail={"digest": digest_of(path)})
        raise


def stage_file(
    *,
    path: Path,
    name: str,
    on: date,
    on_progress: Told,
    columns: dict[str, int] | None = None,
    heading_row: int = 0,
) -> int:
    """Read and stage every row; how many. `on_progress` hears rows done and about how many there are.

    Raises RosterRefused.
    """
    with opened(path, name=name, heading_row=heading_row) as sheet:
        total = max(1, int(sheet.layout.get("total") or 1))
        if columns is None:
            if sheet.heading.missing:
                raise RosterRefused("columns_missing", columns="、".join(sheet.heading.missing))
            columns = sheet.heading.columns
        return stage_rows(
            sheet.rows,
            heading=sheet.heading,
            columns=columns,
            today=on,
            on_progress=lambda done: on_progress(done, total),
        )


def foreign_rows(plan: Plan, rejected: list[dict[str, object]]) -> RosterRefused:
    return RosterRefused("rows_foreign", count=plan.counts["foreign"], rejected=rejected)


def note_import(roster: RosterImport, *, by: Person | None, at: datetime) -> None:
    """One journal row an import, with its counts and the file's digest; no names, no numbers."""
    detail = {name: getattr(roster, name) for name in KEPT_COUNTS}
    detail |= {"digest": roster.file_digest, "left_out": roster.leaves_out_foreign}
    note(action="people.roster_imported", by=by, at=at, obj=roster, detail=detail)


def note_refusal(
    *, by: Person | None, at: datetime, code: str, detail: dict[str, object], **facts: object
) -> None:
    note(
        action="people.roster_imported", by=by, at=at, outcome="refused", code=code, detail=detail,
        **facts,
    )  # fmt: skip


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _record(*, path: Path, plan: Plan, by: Person | None, at: datetime) -> None:
    roster = RosterImport.objects.create(
        created_by=by,
        created_at=at,
        file_name=path.name[:120],
        file_bytes=path.stat().st_size,
        file_digest=digest_of(path),
        state=RosterImport.State.DONE,
        progress=100,
        plan_digest=plan.digest,
        finished_at=at,
        purged_at=at,
        **{name: plan.counts[name] for name in KEPT_COUNTS},
    )
    note_import(roster, by=by, at=at)
