"""An import asked for on a page, as leased work: checked, shown, confirmed, written once.

Nothing is written until somebody has seen what would be, and then only that: the plan is made again
and must be the one that was shown. Whoever holds the lease may go on; a worker that lost it finds out
at its next sign of life. So a killed, frozen or doubled worker costs time, never a wrong row.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from lms.common.acts import note
from lms.common.clock import database_now, local_date
from lms.people.models import RosterImport, RosterRejection
from lms.people.roster.diff import Plan, make_plan, rejections
from lms.people.roster.errors import RosterRefused
from lms.people.roster.importing import KEPT_COUNTS, note_import, note_refusal, stage_file
from lms.people.roster.staging import staging
from lms.people.roster.writing import lock_rosters, write_plan

State = RosterImport.State
RUNNING = (State.CHECKING, State.WRITING)
OFFER_AGAIN = timedelta(seconds=60)
FIRST_OFFER = timedelta(seconds=15)
STAGED_PERCENT = 70
COMPARED_PERCENT = 85
BATCH = 2_000
INTERRUPTED = (
    "导入中断了几次，已经停下，什么都没有写入。请再试一次；还不行，请系统管理员看看后台任务。"
)


class LeaseLost(Exception):
    """Another worker has, or may have, this import now; or somebody cancelled it."""


class Lease:
    """A worker's hold on an import. `show_life` is cheap to call often."""

    def __init__(self, roster: RosterImport) -> None:
        self.roster = roster
        self.renewed_at: datetime | None = None

    def show_life(self, percent: int) -> None:
        """Renew at most once a second and tell how far the work is. Raises LeaseLost."""
        at = database_now()
        if self.renewed_at and at - self.renewed_at < timedelta(seconds=1):
            return
        if not self.held().update(lease_until=_lease_end(at), progress=percent):
            raise LeaseLost(str(self.roster.pk))
        self.renewed_at = at

    def held(self) -> QuerySet[RosterImport]:
        return RosterImport.objects.filter(
            pk=self.roster.pk, worker=self.roster.worker, state=self.roster.state
        )


def run_import(*, roster_id: int) -> bool:
    """Claim and do the next step. True when this call finished it; runs twice without harm."""
    roster = _claim(roster_id, at=database_now())
    if roster is None:
        return False
    lease = Lease(roster)
    try:
        with staging(), local_copy(roster) as path:
            _stage(roster, path, lease)
            _finish(roster, lease)
    except LeaseLost:
        return False
    except RosterRefused as refusal:
        _refuse(roster, lease, refusal)
    return True


def rosters_to_resume(*, at: datetime) -> list[int]:
    """Imports to offer to the queue: never taken, or left by a worker that went silent."""
    limit = settings.QIANGJI["ROSTER_MAX_ATTEMPTS"]
    running = RosterImport.objects.filter(state__in=RUNNING)
    for roster in running.filter(lease_until__lt=at, attempts__gte=limit):
        _give_up(roster, at=at)
    due = running.filter(
        Q(lease_until__lt=at) | Q(lease_until=None, queued_at__lt=at - FIRST_OFFER)
    ).exclude(lease_until__lt=at, attempts__gte=limit)
    with transaction.atomic():
        offered = list(due.select_for_update(skip_locked=True).values_list("pk", flat=True))
        # Offered once a minute: the queue is not filled with the same wish.
        RosterImport.objects.filter(pk__in=offered).update(
            lease_until=None, worker=None, queued_at=at + OFFER_AGAIN - FIRST_OFFER
        )
    return offered


@contextmanager
def local_copy(roster: RosterImport) -> Iterator[Path]:
    """The file on a local disk: in place, or fetched from an object store."""
    try:
        yield Path(roster.file.path)
        return
    except NotImplementedError:
        pass
    with NamedTemporaryFile(suffix=Path(roster.file.name or "").suffix) as local:
        with roster.file.open("rb") as stored:
            for piece in stored.chunks(8 * 1024 * 1024):
                local.write(piece)
        local.flush()
        yield Path(local.name)


def _claim(roster_id: int, *, at: datetime) -> RosterImport | None:
    taken = (
        RosterImport.objects.filter(
            Q(lease_until=None) | Q(lease_until__lt=at), pk=roster_id, state__in=RUNNING,
            attempts__lt=settings.QIANGJI["ROSTER_MAX_ATTEMPTS"],
        ).update(worker=uuid.uuid4(), attempts=F("attempts") + 1, lease_until=_lease_end(at), progress=0)
    )  # fmt: skip
    if not taken:
        return None
    return RosterImport.objects.select_related("created_by").get(pk=roster_id)


def _lease_end(at: datetime) -> datetime:
    return at + timedelta(seconds=settings.QIANGJI["ROSTER_LEASE_SECONDS"])


def _stage(roster: RosterImport, path: Path, lease: Lease) -> None:
    def tell(done: int, total: int) -> None:
        lease.show_life(min(STAGED_PERCENT, STAGED_PERCENT * done // total))

    lease.show_life(0)
    stage_file(
        path=path, name=path.name, columns=roster.columns, heading_row=roster.heading_row,
        on=local_date(database_now()), on_progress=tell,
    )  # fmt: skip
    lease.renewed_at = None
    lease.show_life(COMPARED_PERCENT)


@transaction.atomic
def _finish(roster: RosterImport, lease: Lease) -> None:
    """Compare, then show or write, in one transaction and only while the lease is held."""
    if not lease.held().select_for_update().exists():
        raise LeaseLost(str(roster.pk))
    at = database_now()
    if roster.state == State.WRITING:
        lock_rosters()
    plan = make_plan(by=roster.created_by, on=local_date(at))
    if roster.state == State.CHECKING:
        _show(roster, plan, at=at)
    elif plan.digest != roster.plan_digest:
        _show(roster, plan, at=at, code="plan_changed")
    else:
        write_plan(at=at)
        _save(roster, plan, state=State.DONE, finished_at=at)
        note_import(roster, by=roster.created_by, at=at)


def _show(roster: RosterImport, plan: Plan, *, at: datetime, code: str = "") -> None:
    """Keep what would change, so that a page can show it. What is shown is all that may be confirmed."""
    roster.rejections.all().delete()
    batch: list[RosterRejection] = []
    for problem, cells in rejections():
        batch.append(RosterRejection(roster=roster, cells=cells, **_fitting(problem)))
        if len(batch) == BATCH:
            RosterRejection.objects.bulk_create(batch)
            batch.clear()
    RosterRejection.objects.bulk_create(batch)
    _save(roster, plan, state=State.PREVIEW, failure_code=code, leaves_out_foreign=False)


def _save(roster: RosterImport, plan: Plan, **facts: Any) -> None:
    counts = dict(plan.counts)
    facts |= {name: counts.pop(name) for name in KEPT_COUNTS}
    facts |= {
        "summary": counts | {"samples": plan.samples}, "plan_digest": plan.digest, "progress": 100,
        "lease_until": None, "worker": None, "attempts": 0,
    }  # fmt: skip
    for name, value in facts.items():
        setattr(roster, name, value)
    roster.save(update_fields=list(facts))


@transaction.atomic
def _refuse(roster: RosterImport, lease: Lease, refusal: RosterRefused) -> None:
    """The file is refused: nothing was written. The rows it is refused for can be downloaded."""
    if not lease.held().select_for_update().exists():
        return
    at = database_now()
    roster.rejections.all().delete()
    RosterRejection.objects.bulk_create(
        RosterRejection(roster=roster, **_fitting(problem)) for problem in refusal.rejected
    )
    roster.state, roster.finished_at, roster.lease_until = State.REFUSED, at, None
    roster.failure_code, roster.failure_sentence = refusal.code, refusal.sentence
    roster.rejected = len({problem["row"] for problem in refusal.rejected})
    roster.save()
    note_refusal(
        by=roster.created_by, at=at, code=refusal.code, obj=roster,
        detail={"digest": roster.file_digest, "rows": roster.rejected},
    )  # fmt: skip


@transaction.atomic
def _give_up(roster: RosterImport, *, at: datetime) -> None:
    given_up = RosterImport.objects.filter(
        pk=roster.pk, state__in=RUNNING, lease_until__lt=at
    ).update(
        state=State.REFUSED, lease_until=None, worker=None, finished_at=at,
        failure_code="import_interrupted", failure_sentence=INTERRUPTED,
    )  # fmt: skip
    if given_up:
        note(
            action="people.roster_imported", by=None, at=at, obj=roster, outcome="refused",
            code="import_interrupted", detail={"digest": roster.file_digest},
        )  # fmt: skip


def _fitting(problem: dict[str, object]) -> dict[str, Any]:
    return problem | {
        "column": str(problem["column"])[:60],
        "message": str(problem["message"])[:300],
    }
