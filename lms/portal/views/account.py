"""Staff's own settings in the admin: its language and looks. Names, addresses and passwords live elsewhere."""

from typing import Any

from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.account import AccountView, LocaleSettingsPanel, ThemeSettingsPanel

KEPT = (LocaleSettingsPanel, ThemeSettingsPanel)


class StaffSettings(AccountView):
    def get_panels(self) -> list[Any]:
        return [panel for panel in super().get_panels() if isinstance(panel, KEPT)]


staff_settings = require_admin_access(StaffSettings.as_view())
