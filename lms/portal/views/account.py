"""Who may enter the admin, and staff's own settings there: its language and looks.

Names, addresses and passwords live elsewhere.
"""

from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.account import AccountView, LocaleSettingsPanel, ThemeSettingsPanel

from courses.catalogue.selectors import packages_managed_by
from lms.common.clock import local_date
from lms.people.access import View, note_refused_page
from lms.people.models import Person
from lms.people.roles import Permission

ENTER = "wagtailadmin.access_admin"
KEPT = (LocaleSettingsPanel, ThemeSettingsPanel)
# Wagtail tells these to every editor, titles of other units' drafts included.
FOR_ADMINISTRATORS = ("/manage/api/", "/manage/reports/")
BULK = "/manage/bulk/wagtailcore/page/"


class StaffSettings(AccountView):
    def get_panels(self) -> list[Any]:
        return [panel for panel in super().get_panels() if isinstance(panel, KEPT)]


staff_settings = require_admin_access(StaffSettings.as_view())


def hidden_from_others(view: View) -> View:
    """Wagtail sends whoever may not enter to sign in; allauth sends who is signed in back: a ring without end."""

    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and (lacking := _lacking(request)):
            note_refused_page(request, permission=lacking)
            raise Http404
        return view(request, *args, **kwargs)

    return wrapped


def _lacking(request: HttpRequest) -> str:
    """What a signed-in person would need for this address of the admin; "" where they may enter."""
    if not request.user.has_perm(ENTER):
        return ENTER
    if request.path.startswith(FOR_ADMINISTRATORS) and not request.user.is_superuser:
        return "is_superuser"
    if request.path.startswith(BULK) and not _are_own(request):
        return str(Permission.EDIT_COURSES)
    return ""


def _are_own(request: HttpRequest) -> bool:
    """Whether every page named for a bulk action is of the person's units: one foreign id stops all."""
    if not isinstance(request.user, Person) or request.user.is_superuser:
        return request.user.is_authenticated
    own = packages_managed_by(person=request.user, on=local_date(timezone.now()))
    allowed = {str(pk) for pk in own.values_list("pk", flat=True)}
    return set(request.GET.getlist("id")) <= allowed
