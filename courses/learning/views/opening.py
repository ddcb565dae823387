"""Which unit a request may open, and the viewing it goes on with."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from courses.catalogue.models import CoursePackagePage, CourseUnit
from courses.catalogue.scope import units_with
from courses.learning.selectors import unit_by_key
from courses.learning.shelf import shelf
from lms.common.clock import local_date
from lms.people.access import visible_or_404
from lms.people.models import Unit
from lms.people.requests import PersonRequest
from lms.people.roles import Permission


def unit_open_to(request: PersonRequest, key: UUID) -> CourseUnit:
    """A unit on the shelf is open to every signed-in person, others to those who edit that package.

    A unit whose video is not ready is read anew, since its progress moves.
    """
    shelved = shelf().units.get(key)
    if shelved is not None and (shelved[1].video is None or shelved[1].video.is_ready):
        return shelved[1]
    unit = unit_by_key(key)
    if unit is None:
        raise Http404
    if shelved is None:
        everything = CoursePackagePage.objects.all()
        own = everything.filter(owner_unit__in=_units_edited(request))
        visible_or_404(own, everything, by=request.user, pk=unit.package_id)
    return unit


def _units_edited(request: PersonRequest) -> QuerySet[Unit]:
    today = local_date(timezone.now())
    return units_with(person=request.user, permission=Permission.EDIT_COURSES, on=today)
