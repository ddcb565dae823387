"""No view without a declared policy: ours say it themselves, others' are listed with a reason."""

from collections.abc import Iterable
from functools import partial

import pytest
from django.http import HttpResponse
from django.views import View

from courses.catalogue import serving
from lms.people.access import requires, signed_in
from lms.people.roles import Permission
from lms.portal.api import api
from tests.architecture.routes import Route, every_route

POLICIES = {"public", "signed_in", *map(str, Permission)}

# Address → who guards the views behind it. Views of our own under `manage/` declare a policy too.
OTHERS = {
    "manage/": "lms.portal.admin_gate: closed unless listed, see below; then Wagtail's own sign-in",
    "documents/": "Wagtail's document view asks for the collection's restrictions",
    "accounts/": "allauth: each address it has here carries a policy of ours, see below",
    "i18n/": "Django's language form: sets a cookie, shows nothing",
    "api/v1/": "ninja: every operation asks for a session, see below; openapi.json holds no data",
    "_util/": "Wagtail's sign-in for private pages: a password form, shows nothing",
    "^((?:[\\w\\-]+/)*)$": "Wagtail's page view: serves the pages of the test below",
}


# In front of the gate, each with its own door.
BEFORE_THE_GATE = {"manage/logout/", "manage/account/", "manage/login/"}


def silent(routes: Iterable[Route]) -> list[str]:
    """Routes of ours that declare no policy, or one nobody knows."""
    return [
        f"{route.path} ({route.module})"
        for route in routes
        if route.is_ours and route.path not in BEFORE_THE_GATE and route.policy not in POLICIES
    ]


def test_every_route_of_ours_declares_its_policy():
    assert silent(every_route()) == []


def a_view(request):
    return HttpResponse()


class AView(View):
    def get(self, request):
        return HttpResponse()


class AViewWithPolicy(AView):
    access_policy = "signed_in"


@pytest.mark.parametrize(
    ("view", "is_silent"),
    [
        (a_view, True),
        (partial(a_view), True),
        (AView.as_view(), True),
        (AViewWithPolicy.as_view(), False),
        (signed_in(a_view), False),
        (signed_in(AView.as_view()), False),
        (requires(Permission.READ_PEOPLE)(a_view), False),
    ],
)
def test_a_view_without_policy_is_found_whatever_its_kind(monkeypatch, view, is_silent):
    """Functions, partials and classes; the modules of these stand for an app of ours."""
    for kind in (a_view, AView, AViewWithPolicy):
        monkeypatch.setattr(kind, "__module__", "lms.people.views")
    route = Route("people/new/", view, "people:new")

    assert route.is_ours or is_silent is False
    assert bool(silent([route])) is is_silent


def test_every_address_of_the_admin_stands_behind_the_gate():
    """Wagtail's viewsets and ours; a new one is closed until the gate lists it."""
    admin = [route for route in every_route() if route.path.startswith("manage/")]

    ungated = {route.path for route in admin if not getattr(route.view, "is_gated", False)}

    assert ungated == BEFORE_THE_GATE
    assert {"videos:detail", "video_chooser:chosen"} <= {route.name for route in admin}


def test_every_route_of_others_is_listed_with_its_reason():
    unlisted = [
        f"{route.path} ({route.module})"
        for route in every_route()
        if not route.is_ours and not route.path.startswith(tuple(OTHERS))
    ]

    assert unlisted == []


def test_every_address_of_allauth_carries_a_policy_of_ours():
    accounts = [route for route in every_route() if route.path.startswith("accounts/")]

    silent = [r.path for r in accounts if getattr(r.view, "access_policy", None) not in POLICIES]

    assert accounts
    assert silent == []


def test_every_reason_is_still_needed():
    routes = [route.path for route in every_route()]

    idle = [start for start in OTHERS if not any(path.startswith(start) for path in routes)]

    assert idle == []


def test_every_page_view_declares_its_policy():
    silent = [
        page_class.__name__
        for page_class, view in serving._views.items()
        if getattr(view, "access_policy", None) not in POLICIES
    ]

    assert serving._views
    assert silent == []


def test_every_operation_of_the_machine_interface_asks_for_a_session():
    operations = [
        operation
        for _prefix, router in api._routers
        for path_view in router.path_operations.values()
        for operation in path_view.operations
    ]

    assert operations
    assert all(operation.auth_callbacks for operation in operations)


def test_every_address_of_the_admin_sends_visitors_away(client, db):
    """`manage/` addresses without arguments, ours included, answer nobody who is not signed in."""
    open_to_all = [
        route.path
        for route in every_route()
        if route.path.startswith("manage/")
        and not any(sign in route.path for sign in "<(^$")
        and client.get(f"/{route.path}").status_code == 200
        and route.name not in {"wagtailadmin_javascript_catalog", "wagtailadmin_sprite"}
    ]

    assert open_to_all == []


@pytest.mark.parametrize("address", ["/manage/login/", "/_util/login/"])
def test_only_allauth_takes_passwords(client, db, address):
    """Wagtail's own forms would take them without the throttle (security 4, 15)."""
    for answer in (client.get(address), client.post(address, {"username": "a", "password": "b"})):
        assert answer.status_code == 302
        assert answer.url.startswith("/accounts/login/")


def test_the_walk_sees_routes_of_ours_and_of_others():
    paths = {route.path: route.is_ours for route in every_route()}

    assert paths["record/"]
    assert not paths["accounts/login/"]
