"""How allauth treats our accounts: nobody registers themselves; the roster makes accounts."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy


class AccountAdapter(DefaultAccountAdapter):
    # allauth's own sentence speaks of a user name; the form asks for a staff number.
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": gettext_lazy("人员编号或密码不对。看一看大小写，再试一次。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_user_search_fields(self) -> list[str]:
        return ["staff_number", "name"]

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """Staff numbers come from the roster; none is made up."""
