"""Who may enter the admin, and staff's own settings there: its language and looks.

Names, addresses and passwords live elsewhere.
"""

from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.account import AccountView, LocaleSettingsPanel, ThemeSettingsPanel

from lms.people.access import View

ENTER = "wagtailadmin.access_admin"
KEPT = (LocaleSettingsPanel, ThemeSettingsPanel)


class StaffSettings(AccountView):
    def get_panels(self) -> list[Any]:
        return [panel for panel in super().get_panels() if isinstance(panel, KEPT)]


staff_settings = require_admin_access(StaffSettings.as_view())


def hidden_from_others(view: View) -> View:
    """Wagtail sends whoever may not enter to sign in; allauth sends who is signed in back: a ring without end."""

    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not request.user.has_perm(ENTER):
            raise Http404
        return view(request, *args, **kwargs)

    return wrapped
