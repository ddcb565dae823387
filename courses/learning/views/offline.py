"""Studying without a network: packs taken and brought back, and the pages a device keeps for it.

The pages hold nobody's data: they come the same to everyone and read what is on the device.
"""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from courses.learning.offline import pack_facts, return_facts, take_along
from courses.learning.views.opening import unit_open_to
from courses.learning.views.policy import policy_shown_to, rules_of
from lms.common.clock import database_now
from lms.common.errors import Refusal
from lms.common.wire import read_body
from lms.people.access import public, signed_in, visible_or_404
from lms.people.account_marks import account_mark
from lms.people.requests import PersonRequest
from media.models import OfflinePack
from media.offline.contents import open_packs_of
from media.offline.services import give_up_pack, return_pack
from media.offline.wire import Returned, Wanted

WORKER = settings.BASE_DIR / "lms" / "static" / "dist" / "worker.js"
SHELL = (
    "dist/prefs.js", "dist/site.js", "dist/site.css", "dist/player.css", "dist/offline.js",
    "mark.svg", "icons.svg",
)  # fmt: skip
# The shell says who reads a page; these pages stay on the device and say it of nobody.
OF_NOBODY: dict[str, Any] = {"me": None, "nav": [], "languages_menu": []}


@signed_in
@require_POST
def issue(request: PersonRequest, unit_key: UUID) -> HttpResponse:
    """Take a unit along."""
    unit = unit_open_to(request, unit_key)
    if not request.posting or not unit.package.live or unit.kind != "video":
        raise Http404
    try:
        facts = take_along(
            person=request.user,
            unit=unit,
            posting=request.posting,
            wanted=read_body(request.body, Wanted),
            rules=rules_of(policy_shown_to(request)),
            at=database_now(),
        )
    except Refusal as refusal:
        return JsonResponse(refusal.as_json(), status=refusal.status)
    return _private(facts)


@signed_in
@require_GET
def packs(request: PersonRequest) -> HttpResponse:
    """One's own open packs, and what a page from the device needs to speak with the server."""
    return _private(
        {
            "account": account_mark(request.user),
            "csrf": get_token(request),
            "packs": [pack_facts(pack) for pack in open_packs_of(request.user)],
        }
    )


@signed_in
@require_POST
def bring_back(request: PersonRequest, pack_key: UUID) -> HttpResponse:
    """What was watched of a pack; the pack stays on the device."""
    at = database_now()
    _own_or_404(request, pack_key)
    try:
        body = read_body(request.body, Returned)
        viewing = return_pack(
            key=pack_key,
            client_key=body.client_key,
            ranges=body.ranges,
            rate=body.rate,
            by=request.user,
            at=at,
        )
    except Refusal as refusal:
        return JsonResponse(refusal.as_json(), status=refusal.status)
    return _private(return_facts(viewing, at))


@signed_in
@require_POST
def give_up(request: PersonRequest, pack_key: UUID) -> HttpResponse:
    """The device has deleted the pack, or is lost."""
    _own_or_404(request, pack_key)
    give_up_pack(key=pack_key, by=request.user, at=database_now())
    return _private({"state": "given_up"})


@public
@require_GET
def shelf_page(request: HttpRequest) -> HttpResponse:
    """The packs on this device."""
    return _unchecked(render(request, "learning/offline.html", OF_NOBODY))


@public
@require_GET
def play_page(request: HttpRequest) -> HttpResponse:
    """Plays the pack that the address names to the script."""
    return _unchecked(render(request, "learning/offline_play.html", OF_NOBODY))


@public
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker; its address is its scope."""
    script = WORKER.read_bytes()
    return _unchecked(HttpResponse(script, content_type="text/javascript; charset=utf-8"))


@public
@require_GET
def shell(request: HttpRequest) -> HttpResponse:
    """What the device keeps to open the two pages without a network."""
    pages = [reverse("offline"), reverse("offline-play")]
    return _unchecked(JsonResponse({"files": [*pages, *(static(name) for name in SHELL)]}))


def _own_or_404(request: PersonRequest, key: UUID) -> None:
    """Before the body is read: another person's pack is not there, whatever was sent."""
    everything = OfflinePack.objects.all()
    visible_or_404(everything.filter(person=request.user), everything, by=request.user, key=key)


def _private(facts: dict) -> JsonResponse:
    answer = JsonResponse(facts)
    answer["Cache-Control"] = "private, no-store"
    return answer


def _unchecked(answer: HttpResponse) -> HttpResponse:
    """Asked for anew each time there is a line."""
    answer["Cache-Control"] = "private, no-cache"
    return answer
