"""Devices known to be good: the cookie a browser keeps once somebody has signed in with it."""

from datetime import timedelta
from secrets import token_urlsafe

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from lms.people.models import Person

COOKIE = "qj_device"
PATH = "/accounts/"
SALT = "lms.people.devices"
PEOPLE_KEPT = 5  # a shared machine in an office


def device_of(request: HttpRequest, person: Person | None) -> str:
    """The name this browser has for `person`; empty when nobody signed in as them here."""
    return "" if person is None else _kept(request).get(str(person.pk), "")


def remember_device(request: HttpRequest, response: HttpResponse, person: Person) -> None:
    """Let the browser keep that `person` signed in with it, newest last."""
    kept = _kept(request)
    name = kept.pop(str(person.pk), "") or token_urlsafe(16)
    newest = [*kept.items(), (str(person.pk), name)][-PEOPLE_KEPT:]
    response.set_cookie(
        COOKIE,
        signing.dumps(dict(newest), salt=SALT, compress=True),
        max_age=_age(),
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _kept(request: HttpRequest) -> dict[str, str]:
    try:
        found = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=_age())
    except signing.BadSignature:
        return {}
    return found if isinstance(found, dict) else {}


def _age() -> timedelta:
    return timedelta(days=settings.QIANGJI["KNOWN_DEVICE_DAYS"])
