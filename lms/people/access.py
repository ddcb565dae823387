"""Every view declares its policy; a test walks the URL resolver and fails where one does not.

    @public                      anyone
    @signed_in                   any signed-in person, about themselves
    @requires(Permission.X)      a person holding X somewhere; the queryset narrows it to units

Who is not signed in is sent to the sign-in page; who lacks the permission gets 404, so that a page's
existence is not told (security, head), and the journal a row. Inside a view

    visible_or_404(visible, everything, by=…, pk=…)   finds one object; who asks for one that is there
                                                      but not theirs gets 404, and the journal a row
    personal_data_read(of=…, by=…, at=…, what=…)      notes that somebody saw another person's data

A visitor writes no rows, or anybody could fill the journal.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from lms.common.acts import note
from lms.common.clock import database_now, local_date
from lms.common.origin import current_origin
from lms.people.models import Person
from lms.people.roles import Permission
from lms.people.selectors import has_permission

View = Callable[..., HttpResponseBase]
Found = TypeVar("Found", bound=Model)


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
                note_refused_page(request, permission=str(permission))
                raise Http404
            return view(request, *args, **kwargs)

        wrapped.access_policy = str(permission)  # type: ignore[attr-defined]
        return wrapped

    return decorate


def note_refused_page(request: HttpRequest, *, permission: str) -> None:
    """A signed-in person asked for a page they lack the permission for."""
    _note_denial(
        action="access.page_refused",
        by=request.user,
        code="permission_missing",
        detail={"permission": permission, "method": request.method, "path": request.path[:200]},
    )


def visible_or_404(
    visible: QuerySet[Found], everything: QuerySet[Found], *, by: Person, **lookup: Any
) -> Found:
    """The one object of `visible` with that `lookup`.

    Raises Http404; where `everything` holds the object, the refused reading is noted first. Call it
    outside a transaction, which the exception would roll back together with the note.
    """
    found = visible.filter(**lookup).first()
    if found is not None:
        return found
    hidden = everything.filter(**lookup).first()
    if hidden is not None:
        _note_denial(action="access.object_refused", by=by, obj=hidden, code="not_visible")
    raise Http404


def _note_denial(**facts: Any) -> None:
    note(at=database_now(), outcome="refused", **facts)
    if origin := current_origin():
        origin.is_denial_noted = True


def personal_data_read(
    *, of: Person, by: Person, at: datetime, what: str, reason: str = ""
) -> None:
    """Note that `by` was shown another person's data; one's own is nobody's business.

    `what` is a stable word for what was shown: "profile", "record", "correction", ….
    """
    if of.pk != by.pk:
        note(action="people.data_read", by=by, at=at, obj=of, reason=reason, detail={"what": what})
