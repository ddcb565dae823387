"""The register of holdings: what is kept about a person, why so long, and how they take it along.

Every model that names a person is declared in its app's `holdings.py`, found when Django starts:

    hold(Holding(
        model="learning.Enrolment", room=Room.LEARNING, title=…,
        keys={"person": …}, columns=(Column(…), …), keep=Keep.RECORD,
    ))

`keys` are the model's references to Person, each with what the person is in such a row. A column is
named for the keys by which it is the person's own; a row held by another key leaves it empty, so
nobody takes other people's data along. A test fails for a reference without a declaration.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Model, Q, QuerySet
from django.db.models.expressions import BaseExpression
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from lms.people.housekeeping import SIGN_INS_KEPT
from lms.people.models import Person
from lms.people.selectors import identity_ids

Text = str | Promise
Source = str | Callable[[Any], Any]
# Ids of a person's account and of those merged into it, as `identity_of` reads them once.
Identity = frozenset[int]


class Room(StrEnum):
    """Where on the page a holding is shown, in this order."""

    PROFILE = "profile"
    LEARNING = "learning"
    HOURS = "hours"
    WORK = "work"
    ACCOUNT = "account"
    JOURNAL = "journal"


class Keep(StrEnum):
    """Retention rules; their words are in RETENTION."""

    RECORD = "record"
    PERSON = "person"
    WORK = "work"
    JOURNAL = "journal"
    SIGN_IN = "sign_in"
    SESSION = "session"
    OWN = "own"


RETENTION: dict[Keep, Text] = {
    Keep.RECORD: _("是学时和授权的依据，长期保存。"),
    Keep.PERSON: _("账号在用时一直保存；停用后随台账保存，用来说明学时记给了谁。"),
    Keep.WORK: _("随课程和文件保存，用来说明是谁做的。"),
    Keep.JOURNAL: format_lazy(
        _("只增不改，至少保存 {months} 个月，到期前谁也不能删。"),
        months=settings.QIANGJI["JOURNAL_KEPT_MONTHS"],
    ),
    Keep.SIGN_IN: format_lazy(
        _("保存 {days} 天，过后自动删除；日志另存。"), days=SIGN_INS_KEPT.days
    ),
    Keep.OWN: _("你自己写、自己改、自己删，别人看不到。"),
    Keep.SESSION: _("用完即清：退出、超时或编辑结束后删除。"),
}


@dataclass(frozen=True)
class Column:
    """A name and where the value comes from: a path like `posting.unit.name`, or a function of the row.

    `keys` limits it to rows held by one of these; empty means all.
    """

    title: Text
    source: Source
    keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class Holding:
    """How one model's rows about a person are found, shown and exported."""

    model: str
    room: Room
    title: Text
    keys: Mapping[str, Text]
    columns: tuple[Column, ...]
    keep: Keep
    order: str = "-pk"
    annotations: Mapping[str, BaseExpression] = field(default_factory=dict)
    # Where no key names the person: how their rows are found.
    rows: Callable[[Identity], QuerySet[Any]] | None = None
    # Why rows are not listed one by one, where they are not.
    note: Text = ""

    @property
    def retention(self) -> Text:
        return RETENTION[self.keep]

    def model_class(self) -> type[Model]:
        return apps.get_model(self.model)

    def held_of(self, identity: Identity) -> QuerySet[Any]:
        """The rows, newest first."""
        if self.rows is not None:
            return self.rows(identity)
        held = reduce(or_, (Q(**{f"{key}__in": identity}) for key in self.keys))
        found = self.model_class()._base_manager.filter(held).annotate(**self.annotations)
        return found.select_related(*self._relations()).order_by(self.order)

    def cells(self, row: Any, identity: Identity) -> list[str]:
        """The row in the order of the columns, as text."""
        own = {key for key in self.keys if getattr(row, f"{key}_id") in identity}
        return [
            "" if column.keys and not own & set(column.keys) else text_of(row, column.source)
            for column in self.columns
        ]

    def _relations(self) -> list[str]:
        """What the columns' paths lead through, fetched along."""
        paths = [c.source for c in self.columns if isinstance(c.source, str) and "." in c.source]
        return [path.rpartition(".")[0].replace(".", "__") for path in paths]


def identity_of(person: Person) -> Identity:
    return frozenset(identity_ids(person))


_register: dict[str, Holding] = {}


def hold(holding: Holding) -> None:
    """Declare a model once."""
    if holding.model in _register:
        raise ValueError(f"{holding.model} is declared twice")
    _register[holding.model] = holding


def holdings() -> list[Holding]:
    """Every declaration, by room and in the order of declaration."""
    order = list(Room)
    return sorted(_register.values(), key=lambda each: order.index(each.room))


def person_keys(model: type[Model]) -> set[str]:
    """The model's own references to Person; what it inherits is declared with the parent."""
    return {each.name for each in model._meta.local_fields if each.related_model is Person}


def undeclared(models: Iterable[type[Model]]) -> list[str]:
    """`app.Model.field` of each reference to a person nobody has declared."""
    return [
        f"{model._meta.label}.{key}"
        for model in models
        for key in sorted(person_keys(model) - _declared_keys(model))
    ]


def _declared_keys(model: type[Model]) -> set[str]:
    declared = _register.get(model._meta.label)
    return set(declared.keys) if declared else set()


def text_of(row: Any, source: Source) -> str:
    """A value as a person reads it: choices by name, times of the site's zone, nothing as ""."""
    if callable(source):
        return _plain(source(row))
    *path, name = source.split(".")
    for step in path:
        row = getattr(row, step)
        if row is None:
            return ""
    shown = getattr(row, f"get_{name}_display", None)
    return _plain(shown() if shown else getattr(row, name))


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(sep=" ", timespec="seconds")
    if isinstance(value, bool):
        return str(_("是") if value else _("否"))
    if isinstance(value, list):
        return " ".join(f"{a}–{b}" for a, b in value)
    return str(value)


def rows_of(holding: Holding, identity: Identity) -> Iterator[list[str]]:
    """Every row as text, streamed."""
    for row in holding.held_of(identity).iterator(chunk_size=1000):
        yield holding.cells(row, identity)


MINE: Text = _("本人")
