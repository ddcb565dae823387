"""A credential is what a stranger sends: unreadable ones are a wrong passkey, never an error."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from tests import world
from tests.factors import with_totp

pytestmark = pytest.mark.django_db
ADD, LOGIN = "/accounts/2fa/webauthn/add/", "/accounts/2fa/webauthn/login/"
AGAIN, FACTOR = "/accounts/2fa/webauthn/reauthenticate/", "/accounts/2fa/authenticate/"
SHAPE = '{"id": "AA", "rawId": "AA", "type": "public-key", "response": %s}'
RUBBISH = [
    '{"a": "\\ud800"}',
    '{"id": "\\u0000", "rawId": "AA", "type": "public-key", "response": {}}',
    "[" * 9_000 + "]" * 9_000,
    "[" * 900 + "]" * 900,
    '{"id": 1e400}',
    "NaN",
    "[]",
    '"x"',
    "1",
    '{"id": "' + "a" * 500_000 + '"}',
    SHAPE % "[]",
    SHAPE % '{"clientDataJSON": "e30", "attestationObject": "AA"}',
    SHAPE % '{"clientDataJSON": "_w", "attestationObject": "_w"}',
    SHAPE
    % '{"clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA", "userHandle": 7}',
    SHAPE % '{"clientDataJSON": "\u017f", "authenticatorData": "AA", "signature": "\u017f"}',
]


@pytest.fixture
def person():
    return world.learner(password=world.PASSWORD)


@pytest.mark.parametrize("credential", RUBBISH, ids=lambda text: text[:40])
def test_rubbish_is_a_wrong_passkey_on_every_path(person, credential):
    signed_in, visitor, halfway = Client(), Client(), Client()
    signed_in.post("/accounts/login/", {"login": person.staff_number, "password": world.PASSWORD})
    with_totp(person)
    halfway.post("/accounts/login/", {"login": person.staff_number, "password": world.PASSWORD})
    halfway.get(FACTOR)

    for client, address in (
        (signed_in, ADD), (signed_in, AGAIN), (visitor, LOGIN), (halfway, FACTOR),
    ):  # fmt: skip
        client.get(address)
        answer = client.post(address, {"credential": credential, "name": "手机"})
        assert answer.status_code in (200, 302), address
    assert not Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN).exists()
    assert "_auth_user_id" not in visitor.session
    assert "_auth_user_id" not in halfway.session
