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

from lms.common.masking import masked_id_number
from lms.people.models import Person

Text = str | Promise
Source = str | Callable[[Any], Any]


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
    SESSION = "session"


RETENTION: dict[Keep, Text] = {
    Keep.RECORD: _("是学时和授权的依据，长期保存。"),
    Keep.PERSON: _("账户在用时一直保存；停用后随台账保存，用来说明学时记给了谁。"),
    Keep.WORK: _("随课程和文件保存，用来说明是谁做的。"),
    Keep.JOURNAL: format_lazy(
        _("只增不改，至少保存 {months} 个月，到期前谁也不能删。"),
        months=settings.QIANGJI["JOURNAL_KEPT_MONTHS"],
    ),
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
    rows: Callable[[Person], QuerySet[Any]] | None = None
    # Why rows are not listed one by one, where they are not.
    note: Text = ""

    @property
    def retention(self) -> Text:
        return RETENTION[self.keep]

    def model_class(self) -> type[Model]:
        return apps.get_model(self.model)

    def held_of(self, person: Person) -> QuerySet[Any]:
        """The rows, newest first."""
        if self.rows is not None:
            return self.rows(person)
        held = reduce(or_, (Q(**{key: person.pk}) for key in self.keys))
        found = self.model_class()._base_manager.filter(held).annotate(**self.annotations)
        return found.select_related(*self._relations()).order_by(self.order)

    def cells(self, row: Any, person: Person) -> list[str]:
        """The row in the order of the columns, as text."""
        own = {key for key in self.keys if getattr(row, f"{key}_id") == person.pk}
        return [
            "" if column.keys and not own & set(column.keys) else text_of(row, column.source)
            for column in self.columns
        ]

    def _relations(self) -> list[str]:
        """What the columns' paths lead through, fetched along."""
        paths = [c.source for c in self.columns if isinstance(c.source, str) and "." in c.source]
        return [path.rpartition(".")[0].replace(".", "__") for path in paths]


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


def rows_of(holding: Holding, person: Person) -> Iterator[list[str]]:
    """Every row as text, streamed."""
    for row in holding.held_of(person).iterator(chunk_size=1000):
        yield holding.cells(row, person)


MINE: Text = _("本人")
hold(
    Holding(
        model="people.Person", room=Room.PROFILE, title=_("基本资料"), keys={}, keep=Keep.PERSON,
        rows=lambda person: Person.objects.filter(pk=person.pk),
        columns=(
            Column(_("人员编号"), "staff_number"),
            Column(_("姓名"), "name"),
            Column(_("拼音首字母"), "pinyin_initials"),
            Column(_("手机号"), "phone"),
            Column(_("邮箱"), "email"),
            Column(_("身份证号（脱敏）"), lambda person: masked_id_number(person.id_number)),
            Column(_("启用"), "is_active"),
            Column(_("建档时间"), "created_at"),
            Column(_("上次登录"), "last_login"),
        ),
    )
)  # fmt: skip
hold(
    Holding(
        model="people.Posting", room=Room.PROFILE, title=_("任职"), keys={"person": MINE},
        keep=Keep.RECORD, order="-from_date",
        columns=(
            Column(_("单位"), "unit.name"), Column(_("职务"), "title"),
            Column(_("职务层次"), "post_level"), Column(_("职级"), "rank"),
            Column(_("任职起"), "from_date"), Column(_("任职止"), "to_date"),
        ),
    )
)  # fmt: skip
hold(
    Holding(
        model="people.RoleGrant", room=Room.ACCOUNT, title=_("角色授权"), keep=Keep.RECORD,
        keys={"person": _("授予我"), "granted_by": _("由我授予")}, order="-from_date",
        columns=(
            Column(_("角色"), "role"), Column(_("单位"), "unit.name"),
            Column(_("起"), "from_date"), Column(_("止"), "to_date"),
            Column(_("授予人"), "granted_by.name"), Column(_("授予时间"), "granted_at"),
        ),
    )
)  # fmt: skip
hold(
    Holding(
        model="people.Person_groups", room=Room.ACCOUNT, title=_("后台分组"), keys={"person": MINE},
        keep=Keep.PERSON, columns=(Column(_("分组"), "group.name"),),
    )
)  # fmt: skip
hold(
    Holding(
        model="people.Person_user_permissions", room=Room.ACCOUNT, title=_("单独授权"),
        keys={"person": MINE}, keep=Keep.PERSON, columns=(Column(_("权限"), "permission.name"),),
    )
)  # fmt: skip
hold(
    Holding(
        model="people.CorrectionRequest", room=Room.PROFILE, title=_("更正申请"), keep=Keep.PERSON,
        keys={"person": _("我申请的"), "answered_by": _("我答复的")}, order="-asked_at",
        columns=(
            Column(_("哪一项"), "about"), Column(_("申请时间"), "asked_at"),
            Column(_("现在哪里不对"), "wrong", ("person",)),
            Column(_("应该是什么"), "wished", ("person",)),
            Column(_("状态"), "state"), Column(_("答复"), "answer"),
            Column(_("答复人"), "answered_by.name"), Column(_("答复时间"), "answered_at"),
        ),
    )
)  # fmt: skip
