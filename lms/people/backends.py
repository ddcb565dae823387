"""How a session's person is read."""

from allauth.account.auth_backends import AuthenticationBackend
from django.utils import timezone

from lms.common.clock import local_date
from lms.people.models import Person
from lms.people.standing import person_with_standing


class AccountBackend(AuthenticationBackend):
    """allauth's, with the person's posting and grants read along."""

    def get_user(self, user_id: int) -> Person | None:
        person = person_with_standing(person_id=user_id, on=local_date(timezone.now()))
        return person if person is not None and self.user_can_authenticate(person) else None
