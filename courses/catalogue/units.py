"""Course packages belong to a unit; they pass on when it is merged into another."""

from collections.abc import Sequence

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext_lazy as _
from wagtail.models import Revision

from courses.catalogue.models import CoursePackagePage
from lms.people.models import Unit
from lms.people.unit_effects import Belonging, register_belonging


def register() -> None:
    register_belonging(Belonging(_("课程包"), count=_count, hand_over=_hand_over))


def _count(unit_ids: Sequence[int]) -> int:
    return CoursePackagePage.objects.filter(owner_unit__in=unit_ids).count()


def _hand_over(unit: Unit, kept: Unit) -> None:
    """The pages, and what their revisions say: publishing a draft must not bring the old unit back."""
    CoursePackagePage.objects.filter(owner_unit=unit).update(owner_unit=kept)
    kind = ContentType.objects.get_for_model(CoursePackagePage)
    revisions = Revision.objects.filter(content_type=kind, content__owner_unit=unit.pk)
    for revision in revisions.order_by("pk").select_for_update():
        revision.content["owner_unit"] = kept.pk
        Revision.objects.filter(pk=revision.pk).update(content=revision.content)
