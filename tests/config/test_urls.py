"""Which doors of the libraries stay shut."""

import pytest
from allauth.account.models import EmailAddress

from tests import world

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address", ["signup/", "email/", "confirm-email/", "confirm-email/x/", "login/code/confirm/"]
)
def test_nobody_registers_or_changes_their_mail_address(client, address):
    client.force_login(world.learner())

    asked = client.get(f"/accounts/{address}")
    sent = client.post(f"/accounts/{address}", {"email": "x@example.com", "action_add": ""})

    assert (asked.status_code, sent.status_code) == (404, 404)
    assert not EmailAddress.objects.exists()
