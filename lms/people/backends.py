"""Which account a person means, whether the password is theirs, and how a session's person is read."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest
from django.utils import timezone

from lms.common.clock import local_date
from lms.people.accounts import account_named
from lms.people.models import Person
from lms.people.standing import person_with_standing


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

    def get_user(self, user_id: int) -> Person | None:
        """The person, with posting and grants read along."""
        person = person_with_standing(person_id=user_id, on=local_date(timezone.now()))
        return person if person is not None and self.user_can_authenticate(person) else None
