"""Occasions belong to a unit; they pass on when it is merged into another."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from lms.attendance.models import Occasion
from lms.people.models import Unit
from lms.people.unit_effects import Belonging, register_belonging


def register() -> None:
    register_belonging(Belonging(_("考勤场次"), count=_count, hand_over=_hand_over))


def _count(unit_ids: Sequence[int]) -> int:
    return Occasion.objects.filter(owner_unit__in=unit_ids).count()


def _hand_over(unit: Unit, kept: Unit) -> None:
    Occasion.objects.filter(owner_unit=unit).update(owner_unit=kept)
