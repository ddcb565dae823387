"""The calendar feed, and the page where its address is made and withdrawn."""

from urllib.parse import urljoin

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import conditional_page, require_GET, require_POST

from lms.common.calendar import calendar_of
from lms.common.clock import database_now
from lms.people.access import public, signed_in
from lms.people.requests import PersonRequest
from lms.portal.calendars import close_feed, events_of, open_feed, person_of_feed
from lms.portal.models import CalendarFeed


@signed_in
@require_GET
def settings_page(request: PersonRequest) -> HttpResponse:
    return _shown(request)


@never_cache
@signed_in
@require_POST
def renew(request: PersonRequest) -> HttpResponse:
    """The page with the address on it, this once."""
    secret = open_feed(person=request.user, at=database_now())
    address = urljoin(settings.BASE_URL, reverse("calendar-feed", args=[secret]))
    return _shown(request, address=address)


@signed_in
@require_POST
def revoke(request: PersonRequest) -> HttpResponse:
    close_feed(person=request.user, at=database_now())
    messages.success(request, _("订阅地址已作废，已经订阅的日历不再更新。"))
    return redirect("calendar-settings")


# no-store outside of conditional_page, which gives no ETag to what may not be stored: a proxy keeps
# nothing, while the calendar that holds the events anyway is told that they are the same.
@public
@cache_control(private=True, no_store=True)
@conditional_page
@require_GET
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """Calendars cannot sign in: whoever knows the secret reads it."""
    person = person_of_feed(secret)
    if person is None:
        raise Http404
    events = events_of(person=person, at=timezone.now())
    name = _("强基 · %(name)s") % {"name": person.name}
    return HttpResponse(calendar_of(events, name=name), content_type="text/calendar")


def _shown(request: PersonRequest, *, address: str = "") -> HttpResponse:
    at = timezone.now()
    context = {
        "section": "me",
        "title": _("日历订阅"),
        "feed": CalendarFeed.objects.filter(person=request.user).first(),
        "address": address,
        "webcal": address.replace("https://", "webcal://").replace("http://", "webcal://"),
        "events": [one for one in events_of(person=request.user, at=at) if one.ends_at > at][:20],
    }
    return render(request, "portal/calendar.html", context)
