"""What nginx asks before it sends a segment: may this sign-in fetch what this link names?

nginx keeps a yes for a minute (config/deploy/nginx.conf), so a viewer costs one answer a minute and
not one a segment, and whoever loses the right is stopped within that minute.
"""

import re
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from courses.catalogue.models import CourseUnit
from courses.catalogue.scope import units_with
from courses.learning.shelf import packages_on_shelf, shelf
from lms.common.clock import local_date
from lms.common.errors import Refusal
from lms.people.access import public
from lms.people.models import Person
from lms.people.roles import Permission
from media.links import read_link
from media.selectors import videos_visible_to

TOKEN = re.compile(r"[\w-]{10,80}\.[\w-]{40,50}", re.ASCII)
BUILD = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


@public
@require_GET
def segment_permit(request: HttpRequest) -> HttpResponse:
    """204 with `X-Video-Key`, the folder to send from; 403 for everybody else, without a body."""
    token = request.headers.get("X-Link-Token", "")
    build = request.headers.get("X-Link-Build", "")
    if (
        not request.user.is_authenticated
        or not TOKEN.fullmatch(token)
        or not BUILD.fullmatch(build)
    ):
        return HttpResponse(status=403)
    try:
        link = read_link(token=token, build=UUID(build), now=timezone.now().timestamp())
    except Refusal:
        return HttpResponse(status=403)
    if link.viewer_id != request.user.pk or not _may_see(request.user, link.video_key):
        return HttpResponse(status=403)
    return HttpResponse(status=204, headers={"X-Video-Key": str(link.video_key)})


def _may_see(person: Person, video_key: UUID) -> bool:
    """On the shelf for everyone; else for those who edit a package with it, or manage the video."""
    if video_key in shelf().video_keys:
        return True
    # This process may not have heard yet of a package published in the last half second.
    units = CourseUnit.objects.filter(video__key=video_key)
    if units.filter(package__in=packages_on_shelf()).exists():
        return True
    today = local_date(timezone.now())
    edited = units.filter(
        package__owner_unit__in=units_with(
            person=person, permission=Permission.EDIT_COURSES, on=today
        )
    )
    managed = videos_visible_to(person=person, on=today).filter(key=video_key)
    return edited.exists() or managed.exists()
