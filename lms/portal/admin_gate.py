"""What of Wagtail's admin is open, and to whom: whatever is not listed here answers 404 (security 1, 4).

Wagtail's own views ask its groups, which know sections of the page tree and no units. Here every id
in an address or a query is asked first whether its package is the person's. An address that a new
release of Wagtail brings is closed until it is listed.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from wagtail.models import Page

from courses.catalogue.scope import unit_ids
from courses.catalogue.selectors import pages_of_others, pages_owned_by
from lms.people.access import View, note_refused_page
from lms.people.roles import Permission

ENTER = "wagtailadmin.access_admin"
EDIT, PUBLISH = Permission.EDIT_COURSES, Permission.PUBLISH_COURSES
BULK_ACTIONS = {"publish": PUBLISH, "unpublish": PUBLISH, "delete": EDIT}

# Addresses without the id of a page, or that ask for themselves whose the thing is.
OPEN = {
    "wagtailadmin_home", "wagtailadmin_explore_root", "wagtailadmin_sprite",
    "wagtailadmin_javascript_catalog", "wagtailadmin_dismissibles", "wagtailadmin_choose_page",
    "wagtailadmin_choose_page_search", "wagtailadmin_choose_page_external_link",
    "wagtailadmin_choose_page_email_link", "wagtailadmin_choose_page_phone_link",
    "wagtailadmin_choose_page_anchor_link", "wagtailadmin_editing_sessions:release",
    "livestreams:listing", "livestreams:add", "livestreams:detail", "livestreams:edit", "livestreams:key",
    "livestreams:revoke", "livestreams:end", "livestreams:questions", "livestreams:questions_export",
    "livestreams:question",
    "videos:listing", "videos:upload", "videos:uploads", "videos:one_upload", "videos:states",
    "videos:detail", "videos:retry", "videos:rename", "videos:add_captions",
    "videos:remove_captions", "videos:captions", "videos:cut",
    "videos:captions_file", "videos:captions_transcript", "videos:captions_recognise",
    "videos:storage", "videos:replace", "videos:replace_confirm", "videos:replace_withdraw",
    "videos:hide", "videos:archive", "videos:raise", "videos:delete", "video_chooser:choose",
    "video_chooser:choose_results", "video_chooser:chosen", "video_chooser:chosen_multiple",
    "video_chooser:create",
}  # fmt: skip
# Addresses of a page below which one looks or adds: the shelf, and what lies above it.
BELOW = {
    "wagtailadmin_explore", "wagtailadmin_explore_results", "wagtailadmin_choose_page_child",
    "wagtailadmin_pages:add", "wagtailadmin_pages:preview_on_add", "wagtailadmin_pages:add_subpage",
}  # fmt: skip
# Addresses of one package, and what one must hold for its unit.
OF_A_PACKAGE = {
    "wagtailadmin_pages:edit": EDIT,
    "wagtailadmin_pages:preview_on_edit": EDIT,
    "wagtailadmin_pages:view_draft": EDIT,
    "wagtailadmin_pages:usage": EDIT,
    "wagtailadmin_pages:delete": EDIT,
    "wagtailadmin_pages:history": EDIT,
    "wagtailadmin_pages:history_results": EDIT,
    "wagtailadmin_pages:revisions_index": EDIT,
    "wagtailadmin_pages:revisions_view": EDIT,
    "wagtailadmin_pages:revisions_revert": EDIT,
    "wagtailadmin_pages:revisions_compare": EDIT,
    "wagtailadmin_pages:revisions_unschedule": PUBLISH,
    "wagtailadmin_pages:unpublish": PUBLISH,
    "wagtailadmin_pages:lock": PUBLISH,
    "wagtailadmin_pages:unlock": PUBLISH,
}


def hidden_from_others(view: View) -> View:
    """Wagtail sends whoever may not enter to sign in; allauth sends who is signed in back: a ring without end."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not request.user.has_perm(ENTER):
            note_refused_page(request, permission=ENTER)
            raise Http404
        return view(request, *args, **kwargs)

    return wrapped


def behind_the_gate(view: View) -> View:
    """`hidden_from_others`, and only where the gate is open. Visitors go on to Wagtail's sign-in."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not _is_open(request, args, kwargs):
            note_refused_page(request, permission=str(EDIT))
            raise Http404
        return view(request, *args, **kwargs)

    gated = hidden_from_others(wrapped)
    gated.is_gated = True  # type: ignore[attr-defined]
    return gated


def _is_open(request: HttpRequest, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    name = request.resolver_match.view_name if request.resolver_match else ""
    if name in OPEN:
        return True
    if name in BELOW:
        return is_own_or_no_package(request, kwargs["parent_page_id"])
    if name in OF_A_PACKAGE:
        page_id = kwargs["page_id"] if kwargs else args[0]
        return are_own(request, [page_id], OF_A_PACKAGE[name])
    asked = ASKED_FOR.get(name)
    return asked is not None and asked(request, kwargs)


def are_own(request: HttpRequest, page_ids: list[Any], permission: Permission) -> bool:
    """Whether each is a page of a unit for which the person holds the permission."""
    wanted = {str(page_id) for page_id in page_ids}
    if not all(text.isascii() and text.isdigit() and int(text) < 2**31 for text in wanted):
        return False
    own = pages_owned_by(unit_ids(request.user, permission)).filter(pk__in=wanted)
    return own.count() == len(wanted)


def is_own_or_no_package(request: HttpRequest, page_id: int) -> bool:
    foreign = pages_of_others(unit_ids(request.user, EDIT))
    return not foreign.filter(pk=page_id).exists()


def _bulk(request: HttpRequest, kwargs: dict[str, Any]) -> bool:
    """One foreign id stops all. What learners see is taken away only by those who may publish."""
    permission = BULK_ACTIONS.get(kwargs["action"])
    named = request.GET.getlist("id")
    if (kwargs["app_label"], kwargs["model_name"]) != ("wagtailcore", "page") or not named:
        return False
    if permission is None or not are_own(request, named, permission):
        return False
    if kwargs["action"] == "delete":
        shown = Page.objects.filter(pk__in=named, live=True)
        return are_own(request, list(shown.values_list("pk", flat=True)), PUBLISH)
    return True


def _chosen(request: HttpRequest, kwargs: dict[str, Any]) -> bool:
    return are_own(request, request.GET.getlist("id"), EDIT)


def _session(request: HttpRequest, kwargs: dict[str, Any]) -> bool:
    """Who else has the page open is told to those who may edit it."""
    return are_own(request, [kwargs["object_id"]], EDIT)


ASKED_FOR: dict[str, Callable[[HttpRequest, dict[str, Any]], bool]] = {
    "wagtail_bulk_action": _bulk,
    "wagtailadmin_choose_page_chosen_multiple": _chosen,
    "wagtailadmin_editing_sessions:ping": _session,
}
