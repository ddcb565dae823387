"""Everything kept about one person, by room: for their page and for the files they take along."""

import json
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.common.acts import note
from lms.common.workbook import WorkbookWriter
from lms.people.held import Holding, Identity, Room, holdings, identity_of, rows_of
from lms.people.models import Person

SHOWN_ROWS = 5
ROOMS = {
    Room.PROFILE: gettext_lazy("我是谁，在哪里任职"),
    Room.LEARNING: gettext_lazy("学了什么"),
    Room.HOURS: gettext_lazy("得了多少学时"),
    Room.WORK: gettext_lazy("经办过什么"),
    Room.ACCOUNT: gettext_lazy("账号和授权"),
    Room.JOURNAL: gettext_lazy("操作日志里的我"),
}


def rooms_of(person: Person) -> list[dict[str, Any]]:
    """Rooms with what they hold: a count, the newest rows and how long it is kept.

    Tables without a row are named, so that the person knows they exist.
    """
    rooms, identity = [], identity_of(person)
    for room, members in groupby(holdings(), key=lambda each: each.room):
        shown = [_shown(holding, identity) for holding in members]
        rooms.append(
            {
                "title": ROOMS[room],
                "key": str(room),
                "tables": [table for table in shown if table["count"] or table["note"]],
                "empty": [t["title"] for t in shown if not t["count"] and not t["note"]],
            }
        )
    return rooms


def _shown(holding: Holding, identity: Identity) -> dict[str, Any]:
    rows = holding.held_of(identity)
    count = rows.count()
    newest = list(rows[:SHOWN_ROWS]) if count else []
    return {
        "title": holding.title,
        "count": count,
        "retention": holding.retention,
        "note": holding.note,
        "header": [column.title for column in holding.columns],
        "rows": [holding.cells(row, identity) for row in newest],
        "more": max(count - SHOWN_ROWS, 0),
    }


def note_export(*, form: str, by: Person, at: datetime) -> None:
    """Somebody takes all of their own data along, as json or xlsx."""
    note(action="people.own_data_exported", by=by, at=at, obj=by, detail={"form": form})


def as_json(person: Person, at: datetime) -> Iterator[str]:
    """One JSON object, streamed: {"exported_at", "staff_number", "name", "holdings": [{title, …, rows}]}."""
    head = {
        "exported_at": timezone.localtime(at).isoformat(),
        "staff_number": person.staff_number,
        "name": person.name,
    }
    identity = identity_of(person)
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "holdings": ['
    for place, holding in enumerate(holdings()):
        facts = {
            "room": str(ROOMS[holding.room]),
            "title": str(holding.title),
            "retention": str(holding.retention),
        }
        yield ("," if place else "") + "\n" + json.dumps(facts, ensure_ascii=False)[:-1]
        yield ', "rows": ['
        names = [str(column.title) for column in holding.columns]
        rows, between = rows_of(holding, identity), ""
        while chunk := list(islice(rows, 200)):
            texts = [
                json.dumps(dict(zip(names, r, strict=True)), ensure_ascii=False) for r in chunk
            ]
            yield between + "\n  " + ",\n  ".join(texts)
            between = ","
        yield "]}"
    yield "\n]}\n"


def write_workbook(person: Person, path: Path, at: datetime) -> None:
    """A sheet for each table that holds a row, after one that lists all tables and how long they are kept."""
    created_at = timezone.localtime(at)
    header = [_("类别"), _("资料"), _("条数"), _("保存多久")]
    book = WorkbookWriter(path, header, created_at=created_at, name=_("目录"))
    identity = identity_of(person)
    counted = [(holding, holding.held_of(identity).count()) for holding in holdings()]
    for holding, count in counted:
        room = str(ROOMS[holding.room])
        book.write([room, str(holding.title), str(count), str(holding.retention)])
    for holding, count in counted:
        if count:
            names = [str(column.title) for column in holding.columns]
            book.begin_table(str(holding.title), names)
            for row in rows_of(holding, identity):
                book.write(row)
    book.close()
