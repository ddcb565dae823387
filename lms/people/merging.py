"""Merging two accounts of one person, and taking it back within the time the settings allow.

Nothing of record moves: `Person.merged_into` says whose rows to add up (`identity_ids`). What is not
of record (how far somebody is in a video) is joined into the kept person's rows by the app that
owns it. Each app says in its AppConfig.ready() what becomes of its rows:

    join_with(Join(model=…, …))              joined, with a snapshot from which it is taken back
    rows_stay("app.Model", reason="…")       the rows remain the account's own, and why

A test fails for a model that points to a person and was given neither.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Model

from lms.people.models import Person

Snapshot = dict[str, Any]


@dataclass(frozen=True)
class Count:
    """How many rows of one kind there are before and after. `note` says what becomes of them."""

    name: str
    kept: int
    merged: int
    after: int
    note: str = ""


@dataclass(frozen=True)
class Sum:
    """Hours of one year and bucket before and after; `doubled` is taken back by the merge."""

    year: int
    bucket: str
    kept: Decimal
    merged: Decimal
    doubled: Decimal

    @property
    def after(self) -> Decimal:
        return self.kept + self.merged - self.doubled


@dataclass(frozen=True)
class Act:
    """What a join needs to know of the merge or of its undoing."""

    kept: Person
    merged: Person
    reason: str
    by: Person | None
    at: datetime


@dataclass(frozen=True)
class Join:
    """How the rows of one model come together.

    `join` changes rows and returns what `undo` needs, as JSON; `catch_up` joins what has come to the
    merged account's rows since. Each runs in a transaction that holds the two persons' rows. `turn` orders the joins as other writers lock the tables:
    ledger, enrolment, progress, viewing.
    """

    model: type[Model]
    turn: int
    count: Callable[[Person, Person], Count]
    join: Callable[[Act], Snapshot]
    undo: Callable[[Act, Snapshot], None]
    catch_up: Callable[[Act, Snapshot], Snapshot] | None = None
    sums: Callable[[Person, Person], Sequence[Sum]] | None = None

    @property
    def label(self) -> str:
        return self.model._meta.label


_joins: dict[str, Join] = {}
_staying: dict[str, str] = {}


def join_with(join: Join) -> None:
    _joins[join.label] = join


def rows_stay(label: str, *, reason: str) -> None:
    """Rows of the model remain the account's own. `label` is `app_label.Model`."""
    _staying[label] = reason


def joins() -> Sequence[Join]:
    return sorted(_joins.values(), key=lambda join: join.turn)


def staying() -> Mapping[str, str]:
    return _staying
