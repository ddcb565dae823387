"""Videos belong to a unit; they pass on when it is merged into another."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from lms.people.models import Unit
from lms.people.unit_effects import Belonging, register_belonging
from media.models import Upload, Video


def register() -> None:
    register_belonging(Belonging(_("视频"), count=_count, hand_over=hand_over))


def _count(unit_ids: Sequence[int]) -> int:
    return Video.objects.filter(owner_unit__in=unit_ids).count()


def hand_over(unit: Unit, kept: Unit) -> None:
    Video.objects.filter(owner_unit=unit).update(owner_unit=kept)
    Upload.objects.filter(owner_unit=unit).update(owner_unit=kept)
