"""What may not be done to a unit, and why: asked by the preview and again by the writer."""

from datetime import date

from django.db.models import Max
from django.db.models.functions import Length

from lms.common.errors import Refusal
from lms.people.models import Unit
from lms.people.roles import ADMINISTRATORS
from lms.people.unit_effects import grants_of_unit, subtree_of

DEPTH = {level: depth for depth, level in enumerate(Unit.Level.values)}
PATH_LIMIT = 255


class UnitClosed(Refusal):
    code = "unit_closed"
    sentence = "这个单位已经并入别的单位，不能再改动。请选仍在用的单位。"
    status = 409


class UnitCycle(Refusal):
    code = "unit_cycle"
    sentence = "不能放到自己或自己的下级单位里。请选另一个单位。"
    status = 409


class LevelOrder(Refusal):
    code = "level_order"
    sentence = "层级不对：上级单位的层级要高于下级单位。请选层级更高的单位。"
    status = 409


class UnitAlreadyThere(Refusal):
    code = "unit_already_there"
    sentence = "已经是这样了，没有要改的。"
    status = 409


class UnitNameTaken(Refusal):
    code = "unit_name_taken"
    sentence = "同一个上级下面已经有这个名称的单位。请换一个名称，或者把两个单位合并。"
    status = 409


class PathTooLong(Refusal):
    code = "path_too_long"
    sentence = "放到那里以后层级太深，系统存不下。请选层级更高的上级。"
    status = 409


class UnitHoldsAdministrators(Refusal):
    code = "unit_holds_administrators"
    sentence = (
        "系统、安全或审计管理员的授权在这个单位上，合并会让他们失去授权。请先把授权换到别的单位。"
    )
    status = 409


def check_rename(unit: Unit, name: str) -> None:
    _must_be_open(unit)
    if name == unit.name:
        raise UnitAlreadyThere
    _name_must_be_free(name, unit.parent, unit)


def check_move(unit: Unit, parent: Unit) -> None:
    _must_be_open(unit, parent)
    if parent.path.startswith(unit.path):
        raise UnitCycle
    if unit.parent_id == parent.pk:
        raise UnitAlreadyThere
    if DEPTH[parent.level] >= DEPTH[unit.level]:
        raise LevelOrder
    _name_must_be_free(unit.name, parent, unit)
    _paths_must_fit(unit, f"{parent.path}{unit.code}/")


def check_merge(unit: Unit, kept: Unit, on: date) -> None:
    _must_be_open(unit, kept)
    if kept.path.startswith(unit.path):
        raise UnitCycle
    below = subtree_of(unit).exclude(pk=unit.pk)
    levels = below.filter(parent=unit).values_list("level", flat=True)
    if DEPTH[kept.level] > DEPTH[unit.level] or any(DEPTH[x] <= DEPTH[kept.level] for x in levels):
        raise LevelOrder
    _paths_must_fit(unit, kept.path)
    if grants_of_unit(unit, on).filter(role__in=ADMINISTRATORS).exists():
        raise UnitHoldsAdministrators


def _must_be_open(*units: Unit) -> None:
    if not all(unit.is_open for unit in units):
        raise UnitClosed


def _name_must_be_free(name: str, parent: Unit | None, unit: Unit) -> None:
    siblings = Unit.objects.filter(parent=parent, closed_on__isnull=True, name=name)
    if siblings.exclude(pk=unit.pk).exists():
        raise UnitNameTaken


def _paths_must_fit(unit: Unit, path: str) -> None:
    longest = subtree_of(unit).aggregate(longest=Max(Length("path")))["longest"]
    if longest - len(unit.path) + len(path) > PATH_LIMIT:
        raise PathTooLong
