"""What every page's shell shows: the site's unit and the reader's navigation."""

from typing import Any, cast
from urllib.parse import quote

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lms.common.clock import local_date
from lms.people.account_marks import account_mark
from lms.people.models import Unit
from lms.people.requests import PersonRequest
from lms.people.roles import Permission
from lms.people.selectors import permissions_held

STAFF = {Permission.EDIT_COURSES, Permission.MANAGE_VIDEOS, Permission.PUBLISH_COURSES}


def shell(request: HttpRequest) -> dict[str, Any]:
    return {
        "site_unit": SimpleLazyObject(site_unit_name),
        "nav": SimpleLazyObject(lambda: navigation(request)),
        "me": reader(request),
        "languages_menu": other_languages(request),
        "idle": idle_rule(),
        "password_rule": SimpleLazyObject(password_rule),
    }


def idle_rule() -> dict[str, int]:
    """When a session ends by itself, for the words below the sign-in form and the warning."""
    minutes = settings.QIANGJI["SESSION_IDLE_MINUTES"]
    warning = settings.QIANGJI["SESSION_WARNING_SECONDS"]
    return {"minutes": minutes, "seconds": minutes * 60, "warning_seconds": warning}


def password_rule() -> str:
    """What a new password must be like, in a line."""
    return _("至少 %(least)s 个字符；小写、大写、数字、符号里至少 %(kinds)s 种") % {
        "least": settings.QIANGJI["PASSWORD_MIN_LENGTH"],
        "kinds": settings.QIANGJI["PASSWORD_CLASSES"],
    }


def reader(request: HttpRequest) -> dict[str, Any] | None:
    """Name and present post of the signed-in person, for the account menu."""
    if not _is_signed_in(request):
        return None
    signed_in = cast(PersonRequest, request)
    posting = signed_in.posting
    return {
        "name": signed_in.user.name,
        "initial": signed_in.user.name[:1],
        "mark": account_mark(signed_in.user),
        "unit": posting.unit.name if posting else "",
        "post": posting.title if posting else "",
        "reads_people": SimpleLazyObject(lambda: Permission.READ_PEOPLE in permissions_of(request)),
    }


def _is_signed_in(request: HttpRequest) -> bool:
    """False too for input refused before anyone was looked up."""
    return hasattr(request, "user") and request.user.is_authenticated


def other_languages(request: HttpRequest) -> list[dict[str, str]]:
    """Links to this page in the other languages; choosing one sets a cookie."""
    current = get_language()
    here = quote(request.get_full_path())
    return [
        {"code": code, "label": label, "url": f"/language/{code}/?next={here}"}
        for code, label in settings.LANGUAGES
        if code != current
    ]


def site_unit_name() -> str:
    """The unit this installation serves; cached, since it is on every page."""
    code = settings.QIANGJI["SITE_UNIT_CODE"]
    name = cache.get(f"unit-name:{code}")
    if name is None:
        name = Unit.objects.filter(code=code).values_list("name", flat=True).first() or ""
        cache.set(f"unit-name:{code}", name, 600)
    return name


def navigation(request: HttpRequest) -> list[dict[str, str]]:
    """Entries of the mast and tab bar: only rooms that exist and that this person may enter."""
    entries = [
        {"key": "home", "label": _("首页"), "url": "/", "icon": "home"},
        {"key": "course", "label": _("课程"), "url": "/courses/", "icon": "book"},
    ]
    if not _is_signed_in(request):
        return entries
    entries.append({"key": "classroom", "label": _("课堂"), "url": "/classroom/", "icon": "van"})
    entries.append({"key": "record", "label": _("档案"), "url": "/record/", "icon": "file"})
    held = permissions_of(request)
    if Permission.READ_PEOPLE in held:
        entries.append({"key": "people", "label": _("人员"), "url": "/people/", "icon": "people"})
    elif Permission.GRANT_ROLES in held:
        url = "/people/roles/"
        entries.append({"key": "people", "label": _("角色"), "url": url, "icon": "people"})
    if Permission.SEAL_PACKAGES in held:
        entries.append({"key": "pack", "label": _("封装包"), "url": "/archive/", "icon": "box"})
    if Permission.MANAGE_UNITS in held:
        entries.append(
            {"key": "units", "label": _("单位"), "url": "/people/units/", "icon": "grid"}
        )
    if Permission.READ_JOURNAL in held:
        entries.append({"key": "audit", "label": _("审计"), "url": "/journal/", "icon": "shield"})
    if held & STAFF:
        entries.append({"key": "staff", "label": _("后台"), "url": "/manage/", "icon": "pen"})
    return entries


def permissions_of(request: HttpRequest) -> frozenset[Permission]:
    """Everything the signed-in person may do anywhere."""
    person = cast(PersonRequest, request).user
    return permissions_held(person=person, on=local_date(timezone.now()))
