"""What people do with an import on its pages: hand in a file, confirm columns, confirm, cancel."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from lms.common.acts import note
from lms.common.clock import local_date
from lms.common.errors import Refusal
from lms.people.models import Person, RosterImport
from lms.people.roster.columns import LABELS, REQUIRED
from lms.people.roster.errors import RosterRefused
from lms.people.roster.importing import digest_of, note_refusal
from lms.people.roster.reading import sample
from lms.people.roster.selectors import unit_above_all_of
from lms.people.roster.staging import shown_whole

State = RosterImport.State
EXAMPLE_ROWS = 3
WAITING = (State.MAPPING, State.PREVIEW)  # for a hand
OPEN = (State.MAPPING, State.CHECKING, State.PREVIEW, State.WRITING)


class RosterMovedOn(Refusal):
    code = "roster_moved_on"
    sentence = "这次导入已经到了下一步。请看现在的情况再办。"
    status = 409


class RosterNotYours(Refusal):
    code = "roster_not_yours"
    sentence = "这份名册是别人上传的，只能由上传的人接着办。"
    status = 409


class ColumnsWrong(Refusal):
    code = "columns_wrong"
    sentence = "姓名、人员编号、单位编码各要选一列，同一项不能选两列。"


def receive_roster(*, file: UploadedFile, by: Person, at: datetime) -> RosterImport:
    """Keep a file whose head could be read; its columns are then confirmed. Raises RosterRefused."""
    name = Path(file.name or "").name
    with _on_disk(file) as path:
        digest = digest_of(path)
        try:
            sheet, rows = sample(path, name=name)
        except RosterRefused as refusal:
            note_refusal(by=by, at=at, code=refusal.code, detail={"digest": digest})
            raise
        with transaction.atomic():
            roster = RosterImport(
                unit=unit_above_all_of(person=by, on=local_date(at)), created_by=by, created_at=at,
                file_name=name[-120:], file_bytes=path.stat().st_size, file_digest=digest,
                layout=sheet.layout, heading_row=sheet.heading.row,
                headings=list(sheet.heading.texts), columns=sheet.heading.columns,
                examples=[[shown_whole(c) for c in cells] for _n, cells in rows[:EXAMPLE_ROWS]],
            )  # fmt: skip
            with path.open("rb") as whole:
                roster.file.save(name, File(whole), save=False)
            roster.save()
            note(
                action="people.roster_received", by=by, at=at, obj=roster,
                detail={"digest": digest, "bytes": roster.file_bytes},
            )  # fmt: skip
    return roster


def confirm_columns(
    *, roster: RosterImport, columns: dict[str, int], by: Person, at: datetime
) -> None:
    """Take these columns, and have the whole file checked. Raises ColumnsWrong, RosterMovedOn."""
    places = [at for at in columns.values() if 0 <= at < len(roster.headings)]
    if set(REQUIRED) - set(columns) or set(columns) - set(LABELS) or len(places) != len(columns):
        raise ColumnsWrong
    if len(set(places)) != len(places):
        raise ColumnsWrong
    _move(
        roster, by=by, at=at, among=(State.MAPPING, State.PREVIEW), to=State.CHECKING,
        columns=columns,
    )  # fmt: skip


def confirm_import(
    *, roster: RosterImport, leave_out_foreign: bool, by: Person, at: datetime
) -> None:
    """Write what the preview shows. Rows out of reach stop everything unless they are left out by word.

    Raises RosterRefused, RosterMovedOn.
    """
    refusal = None
    if roster.state == State.PREVIEW:
        if roster.foreign and not leave_out_foreign:
            refusal = RosterRefused("rows_foreign", count=roster.foreign)
        elif not roster.created + roster.updated:
            refusal = RosterRefused("nothing_asked")
    if refusal is not None:
        note_refusal(
            by=by, at=at, code=refusal.code, obj=roster, detail={"digest": roster.file_digest}
        )
        raise refusal
    _move(
        roster, by=by, at=at, among=(State.PREVIEW,), to=State.WRITING,
        leaves_out_foreign=bool(roster.foreign),
    )  # fmt: skip


def cancel_import(*, roster: RosterImport, by: Person, at: datetime) -> None:
    """Stop before anything is written. Raises RosterMovedOn once writing has begun."""
    with transaction.atomic():
        held = RosterImport.objects.select_for_update().get(pk=roster.pk)
        if held.state == State.WRITING and held.worker is not None:
            raise RosterMovedOn
        _move(roster, by=by, at=at, among=OPEN, to=State.CANCELLED, finished_at=at)
        note(action="people.roster_cancelled", by=by, at=at, obj=roster)


def discard_old_files(*, at: datetime) -> int:
    """Delete files and rows kept past their days; the counts stay. How many imports it was."""
    before = at - timedelta(days=settings.QIANGJI["ROSTER_KEPT_DAYS"])
    old = RosterImport.objects.filter(created_at__lt=before, purged_at=None).exclude(
        state__in=(State.CHECKING, State.WRITING)
    )
    discarded = list(old)
    for roster in discarded:
        _discard(roster, at=at)
    return len(discarded)


@transaction.atomic
def _discard(roster: RosterImport, *, at: datetime) -> None:
    name, storage = roster.file.name, roster.file.storage
    roster.rejections.all().delete()
    if roster.state in OPEN:
        roster.state, roster.finished_at = State.CANCELLED, at
    roster.file, roster.examples, roster.purged_at = "", [], at
    roster.summary = {k: v for k, v in roster.summary.items() if k != "samples"}
    roster.save()
    if name:
        transaction.on_commit(partial(storage.delete, name))


def _move(
    roster: RosterImport, *, by: Person, at: datetime, among: tuple[str, ...], to: str, **facts: Any
) -> None:
    """One step on by conditional UPDATE: of two clicks one wins."""
    if roster.created_by_id != by.pk:
        raise RosterNotYours
    moved = RosterImport.objects.filter(pk=roster.pk, state__in=among, purged_at=None).update(
        state=to, queued_at=at, lease_until=None, worker=None, attempts=0, progress=0,
        failure_code="", failure_sentence="", **facts,
    )  # fmt: skip
    if not moved:
        raise RosterMovedOn
    roster.refresh_from_db()


@contextmanager
def _on_disk(file: UploadedFile) -> Iterator[Path]:
    """The upload as a file a confined process can be shown."""
    with NamedTemporaryFile(suffix=Path(file.name or "").suffix[:6]) as local:
        for piece in file.chunks():
            local.write(piece)
        local.flush()
        yield Path(local.name)
