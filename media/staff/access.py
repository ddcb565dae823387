"""Who may do what with which video. A denied read answers 404 (security, head)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from lms.common.clock import local_date
from lms.people.access import note_refused_page, visible_or_404
from lms.people.models import Person, Unit
from lms.people.roles import Permission
from lms.people.selectors import units_visible_to
from media.models import Upload, Video
from media.selectors import uploads_visible_to, videos_visible_to

View = Callable[..., HttpResponse]


def may(permission: str) -> Callable[[View], View]:
    """A view for holders of Django's model permission, e.g. `may("media.add_video")`."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.has_perm(permission):
                note_refused_page(request, permission=permission)
                raise Http404
            return view(request, *args, **kwargs)

        wrapped.access_policy = str(Permission.MANAGE_VIDEOS)  # type: ignore[attr-defined]
        return wrapped

    return decorate


def person_of(request: HttpRequest) -> Person:
    """The signed-in person; Wagtail's admin lets nobody else in."""
    assert isinstance(request.user, Person)
    return request.user


def videos_of(request: HttpRequest) -> QuerySet[Video]:
    return videos_visible_to(person=person_of(request), on=local_date(timezone.now()))


def video_or_404(request: HttpRequest, pk: int) -> Video:
    return visible_or_404(
        videos_of(request).select_related("owner_unit", "job"),
        Video.objects.all(),
        by=person_of(request),
        pk=pk,
    )


def uploads_of(request: HttpRequest) -> QuerySet[Upload]:
    return uploads_visible_to(person=person_of(request), on=local_date(timezone.now()))


def uploads_left(request: HttpRequest) -> QuerySet[Upload]:
    """One's uploads that are not kept yet: unfinished, being checked, refused."""
    expired = Q(state=Upload.State.RECEIVING, expires_at__lte=timezone.now())
    done = Q(state__in=[Upload.State.KEPT, Upload.State.EXPIRED])
    return uploads_of(request).exclude(expired | done).order_by("-created_at")


def units_of(request: HttpRequest) -> QuerySet[Unit]:
    """Units one may upload for."""
    return units_visible_to(
        person=person_of(request),
        permission=Permission.MANAGE_VIDEOS,
        on=local_date(timezone.now()),
    )


def unit_ids_of(request: HttpRequest) -> frozenset[int]:
    """The same by id: whose drafts may be named to the person."""
    return frozenset(units_of(request).values_list("pk", flat=True))
