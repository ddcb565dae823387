"""Notes at a second of a lecture: written, changed and deleted by the one person who sees them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from courses.catalogue.models import CourseUnit
from courses.learning.models import LectureNote
from lms.common.errors import Refusal
from lms.common.writing import is_readable, typed
from lms.people.models import Person
from media.models import ViewingSession

LONGEST = 2000
MOST = 500
LATEST_SECOND = 2**31 - 1


class NoteEmpty(Refusal):
    code = "note_empty"
    status = 422
    sentence = gettext_noop("还没有写内容，写好再记。")


class NoteUnreadable(Refusal):
    code = "note_unreadable"
    status = 422
    sentence = gettext_noop("里面有看不见的控制字符，请删掉或重新输入。")


class NoteLong(Refusal):
    code = "note_long"
    status = 422
    sentence = gettext_noop("一条笔记最多 2000 字，请分成两条记。")


class NotesFull(Refusal):
    code = "notes_full"
    status = 409
    sentence = gettext_noop("一讲最多记 500 条，你已经记满了。删掉几条再记。")


class NoteKeyUsed(Refusal):
    code = "note_key_used"
    status = 409
    sentence = gettext_noop("这次提交和前一次不一样。请刷新页面，再记一次。")


@dataclass(frozen=True)
class NotedUnit:
    """A person's notes of one unit, by time. The unit is None when it is no longer there."""

    package_key: UUID
    unit_key: UUID
    unit: CourseUnit | None
    notes: tuple[LectureNote, ...]


@transaction.atomic
def write_note(
    *, person: Person, unit: CourseUnit, key: UUID, at_seconds: int | None, text: str, at: datetime
) -> LectureNote:
    """One note, once however often it is sent. Without a second it stands where the person last watched.

    Raises NoteEmpty, NoteUnreadable, NoteLong, NotesFull, NoteKeyUsed.
    """
    wanted = _readable(text)
    # One at a time for a person, or two tabs would both be the first.
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    known = LectureNote.objects.filter(person=person, key=key).first()
    if known is not None:
        if (known.unit_key, known.text) != (unit.key, wanted):
            raise NoteKeyUsed
        return known
    if notes_of(person=person, unit_key=unit.key).count() >= MOST:
        raise NotesFull
    return LectureNote.objects.create(
        key=key, person=person, package_key=unit.package.key, unit_key=unit.key, text=wanted,
        at_seconds=_place_of(person, unit) if at_seconds is None else min(at_seconds, LATEST_SECOND),
        written_at=at, changed_at=at,
    )  # fmt: skip


def change_note(*, person: Person, key: UUID, text: str, at: datetime) -> None:
    """Other words at the same second; a note that is gone stays gone.

    Raises NoteEmpty, NoteUnreadable, NoteLong.
    """
    wanted = _readable(text)
    own = LectureNote.objects.filter(person=person, key=key)
    own.exclude(text=wanted).update(text=wanted, changed_at=at)


def delete_note(*, person: Person, key: UUID) -> LectureNote | None:
    """The note as it was; None where it is gone already."""
    with transaction.atomic():
        note = LectureNote.objects.select_for_update().filter(person=person, key=key).first()
        if note is not None:
            LectureNote.objects.filter(pk=note.pk).delete()
        return note


def notes_of(*, person: Person, unit_key: UUID) -> QuerySet[LectureNote]:
    """By second, then as written."""
    own = LectureNote.objects.filter(person=person, unit_key=unit_key)
    return own.order_by("at_seconds", "written_at")


def units_noted(*, person: Person, query: str = "") -> list[tuple[UUID, UUID]]:
    """Package and unit keys, the one noted last first; with `query`, those with a note that holds it."""
    own = LectureNote.objects.filter(person=person, text__icontains=query).order_by("-changed_at")
    # A dictionary keeps the first place of each.
    return list(dict.fromkeys(own.values_list("package_key", "unit_key")))


def noted(*, person: Person, keys: list[tuple[UUID, UUID]], query: str = "") -> Iterator[NotedUnit]:
    """The notes of these units, in their order."""
    wanted = [unit for _package, unit in keys]
    rows = LectureNote.objects.filter(person=person, unit_key__in=wanted, text__icontains=query)
    rows = rows.order_by("unit_key", "at_seconds", "written_at")
    notes = {key: tuple(those) for key, those in groupby(rows, lambda note: note.unit_key)}
    units = {
        unit.key: unit
        for unit in CourseUnit.objects.filter(key__in=wanted).select_related("package")
    }
    for package_key, unit_key in keys:
        if unit_key in notes:
            yield NotedUnit(package_key, unit_key, units.get(unit_key), notes[unit_key])


def _readable(text: str) -> str:
    wanted = typed(text)
    if not wanted:
        raise NoteEmpty
    if not is_readable(wanted):
        raise NoteUnreadable
    if len(wanted) > LONGEST:
        raise NoteLong
    return wanted


def _place_of(person: Person, unit: CourseUnit) -> int:
    own = ViewingSession.objects.filter(person=person, video=unit.video)
    return int(own.values_list("position_seconds", flat=True).first() or 0)
