"""Which account a person means, and whether the password is theirs. allauth asks through here."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from lms.people.accounts import account_named
from lms.people.models import Person


class AccountBackend(AuthenticationBackend):
    """One field for staff number, phone or mail. Unknown accounts cost a hash like known ones."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> Person | None:
        typed, password = credentials.get("username"), credentials.get("password")
        if not typed or not password:
            return None
        person = account_named(typed)
        if person is None:
            self._mitigate_timing_attack(password)
            return None
        return self._check_password(person, password)
