"""How allauth treats our accounts: nobody registers themselves; the roster makes accounts."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_user_search_fields(self) -> list[str]:
        return ["staff_number", "name"]

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """Staff numbers come from the roster; none is made up."""
