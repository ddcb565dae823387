"""Menus, trips and seats belong to units; they pass on when one is merged into another."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from courses.classroom.models import Lecturer, SeatPool, TeachingSite, Topic, Trip, Vehicle
from lms.people.models import Unit
from lms.people.unit_effects import Belonging, register_belonging


def register() -> None:
    for name, model, field in (
        (_("讲师"), Lecturer, "unit"),
        (_("专题"), Topic, "unit"),
        (_("现场教学点"), TeachingSite, "unit"),
        (_("车辆"), Vehicle, "unit"),
        (_("流动课堂"), Trip, "host_unit"),
    ):
        register_belonging(_belonging(name, model, field))
    register_belonging(Belonging(_("名额"), count=_count_pools, hand_over=_hand_over_pools))


def _belonging(name: object, model: type, field: str) -> Belonging:
    rows = model._default_manager  # type: ignore[attr-defined]

    def count(unit_ids: Sequence[int]) -> int:
        found: int = rows.filter(**{f"{field}__in": unit_ids}).count()
        return found

    def hand_over(unit: Unit, kept: Unit) -> None:
        rows.filter(**{field: unit}).update(**{field: kept})

    return Belonging(name, count=count, hand_over=hand_over)


def _count_pools(unit_ids: Sequence[int]) -> int:
    return SeatPool.objects.filter(unit__in=unit_ids).count()


def _hand_over_pools(unit: Unit, kept: Unit) -> None:
    """Where the kept unit has seats of the same stop already, the old ones open to everybody."""
    theirs = SeatPool.objects.filter(stop=OuterRef("stop"), unit=kept)
    pools = SeatPool.objects.filter(unit=unit).annotate(is_double=Exists(theirs))
    for pool in pools.select_related("stop__trip"):
        if pool.is_double:
            SeatPool.objects.filter(pk=pool.pk).update(release_at=pool.stop.trip.changed_at)
        else:
            SeatPool.objects.filter(pk=pool.pk).update(unit=kept)
