"""Every view declares its policy; a test walks the URL resolver and fails where one does not.

    @public                      anyone
    @signed_in                   any signed-in person, about themselves
    @requires(Permission.X)      a person holding X somewhere; the queryset narrows it to units

Who is not signed in is sent to the sign-in page; who lacks the permission gets 404, so that a page's
existence is not told (security, head).
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from lms.common.clock import local_date
from lms.people.roles import Permission
from lms.people.selectors import has_permission

View = Callable[..., HttpResponseBase]


def public(view: View) -> View:
    """Anyone may call this view."""
    view.access_policy = "public"  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Any signed-in person; the view shows only their own data."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    wrapped.access_policy = "signed_in"  # type: ignore[attr-defined]
    return wrapped


def requires(permission: Permission) -> Callable[[View], View]:
    """A person holding `permission` in at least one unit."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            today = local_date(timezone.now())
            if not has_permission(person=request.user, permission=permission, on=today):
                raise Http404
            return view(request, *args, **kwargs)

        wrapped.access_policy = str(permission)  # type: ignore[attr-defined]
        return wrapped

    return decorate
