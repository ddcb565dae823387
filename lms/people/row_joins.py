"""Joining rows that are not of record, row by row, so that it can be taken back exactly.

A row of the merged account is combined with the kept person's row about the same thing, or copied
where there is none. The account's own row is never changed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from lms.common.spans import union, without
from lms.people.merging import Act, Count, Join, Snapshot
from lms.people.models import Person

Values = dict[str, Any]


@dataclass(frozen=True)
class RowJoin:
    """`key` names what a row is about, once a person. All names are columns of `model`.

    combine   (own, theirs) → the joined values of `columns`
    blank     what the kept person has where they had no row: taken back to, when the copy has been
              used since
    sets      columns that hold spans: taking back subtracts what was added
    reset     set in each row touched, joining and taking back
    """

    model: type[Model]
    turn: int
    name: Any
    key: str
    columns: tuple[str, ...]
    combine: Callable[[Values, Values], Values]
    blank: Values = field(default_factory=dict)
    sets: frozenset[str] = frozenset()
    reset: Values = field(default_factory=dict)

    def as_join(self) -> Join:
        return Join(
            self.model,
            self.turn,
            count=self._count,
            join=self._join,
            undo=self._undo,
            catch_up=self._catch_up,
        )

    def _count(self, kept: Person, merged: Person) -> Count:
        mine, theirs = (set(self._rows(p).values_list(self.key, flat=True)) for p in (kept, merged))
        both = len(mine & theirs)
        note = _("两边都有的 %(both)s 项合在一起，取学得更多的") % {"both": both} if both else ""
        return Count(str(self.name), len(mine), len(theirs), len(mine | theirs), note)

    def _join(self, act: Act) -> Snapshot:
        return self._catch_up(act, {})

    def _catch_up(self, act: Act, known: Snapshot) -> Snapshot:
        own = self._locked(act.kept)
        snapshot = dict(known)
        for key, row in self._locked(act.merged).items():
            theirs = self._values(row)
            if key not in own:
                after = theirs | self.reset
                self._copy(row, act.kept, after)
                snapshot[str(key)] = self._kept_of(after | self.blank, after, is_new=True)
                continue
            now = self._values(own[key])
            after = now | self.combine(now, theirs)
            if str(key) in known and after == now:
                continue  # nothing has come since
            after |= self.reset
            self._write(own[key], after)
            snapshot[str(key)] = self._kept_since(known.get(str(key)), now, after)
        return snapshot

    def _kept_of(
        self, before: Values, after: Values, *, is_new: bool, added: Values | None = None
    ) -> Snapshot:
        """What is remembered of one row."""
        added = {
            name: union((added or {}).get(name, []), without(after[name], before[name]))
            for name in self.sets
        }
        return {
            "is_new": is_new,
            "before": self._as_json(before),
            "after": self._as_json(after),
            "added": self._as_json(added),
        }

    def _kept_since(self, known: Snapshot | None, now: Values, after: Values) -> Snapshot:
        """The same, where the row was joined before: what the kept person did since is theirs."""
        if known is None:
            return self._kept_of(now, after, is_new=False)
        before, left, added = (self._from_json(known[k]) for k in ("before", "after", "added"))
        is_untouched = self._is_as_left(now, left)
        mine = {n: before[n] if now[n] == left[n] else now[n] for n in self.columns}
        mine |= {name: now[name] for name in self.sets}
        return self._kept_of(mine, after, is_new=known["is_new"] and is_untouched, added=added) | {
            "before": self._as_json(mine | {name: before[name] for name in self.sets})
        }

    def _is_as_left(self, now: Values, left: Values) -> bool:
        return all(now[name] == left[name] for name in self.columns if name not in self.reset)

    def _undo(self, act: Act, snapshot: Snapshot) -> None:
        rows = {str(key): row for key, row in self._locked(act.kept).items()}
        for key, kept in snapshot.items():
            if key in rows:
                self._take_back(rows[key], kept)

    def _take_back(self, row: Model, kept: Mapping[str, Any]) -> None:
        now = self._values(row)
        before, after, added = (self._from_json(kept[k]) for k in ("before", "after", "added"))
        if kept["is_new"] and self._is_as_left(now, after):
            row.delete()
            return
        # What differs from what the merge left there is the kept person's own doing since.
        restored = {name: before[name] for name in self.columns if now[name] == after[name]}
        restored |= {name: without(now[name], added[name]) for name in self.sets}
        self._write(row, now | restored | self.reset)

    def _rows(self, person: Person) -> Any:
        return self.model._default_manager.filter(person=person)

    def _locked(self, person: Person) -> dict[Any, Model]:
        rows = self._rows(person).order_by("pk").select_for_update()
        return {getattr(row, self.key): row for row in rows}

    def _values(self, row: Model) -> Values:
        return {name: getattr(row, name) for name in self.columns}

    def _write(self, row: Model, values: Values) -> None:
        for name in self.columns:
            setattr(row, name, values[name])
        row.save(update_fields=list(self.columns))

    def _copy(self, row: Model, kept: Person, values: Values) -> None:
        facts = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}
        facts = {name: value for name, value in facts.items() if name not in ("id", "person_id")}
        self.model._default_manager.create(person=kept, **facts | values)

    def _as_json(self, values: Values) -> Values:
        return {name: _plain(value) for name, value in values.items()}

    def _from_json(self, values: Mapping[str, Any]) -> Values:
        columns = {f.attname: f for f in self.model._meta.concrete_fields}
        return {name: columns[name].to_python(value) for name, value in values.items()}


def earliest(*moments: datetime | None) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
