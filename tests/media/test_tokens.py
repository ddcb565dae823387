from datetime import UTC, datetime, timedelta

import pytest

from media.tokens import (
    TokenExpired,
    TokenInvalid,
    TokenOfAnotherSession,
    issue_viewing_token,
    read_viewing_token,
)

EXPIRY = datetime(2026, 5, 1, 12, tzinfo=UTC)
BEFORE = (EXPIRY - timedelta(minutes=1)).timestamp()
AFTER = (EXPIRY + timedelta(seconds=1)).timestamp()


def issue(**changes) -> str:
    grant = {
        "viewing_id": 7,
        "person_id": 3,
        "duration_seconds": 1234,
        "max_rate": 1.5,
        "session_key": "abc",
        "expires_at": EXPIRY,
    }
    return issue_viewing_token(**{**grant, **changes})


def test_a_token_says_what_it_was_issued_for():
    grant = read_viewing_token(issue(), now=BEFORE, session_key="abc")

    assert (grant.viewing_id, grant.person_id) == (7, 3)
    assert (grant.duration_seconds, grant.max_rate) == (1234, 1.5)


def test_a_token_without_a_cookie_is_good():
    assert read_viewing_token(issue(), now=BEFORE, session_key=None).viewing_id == 7


def test_any_changed_character_makes_a_token_invalid():
    token = issue()

    for place, character in enumerate(token):
        other = token[:place] + ("A" if character != "A" else "B") + token[place + 1 :]
        with pytest.raises(TokenInvalid):
            read_viewing_token(other, now=BEFORE, session_key=None)


@pytest.mark.parametrize(
    "written", ["", ".", "a.b", "没有", "\x00", "a" * 200, "{token}=", "{token}.x", " {token}"]
)
def test_what_is_not_a_token_is_invalid(written):
    with pytest.raises(TokenInvalid):
        read_viewing_token(written.format(token=issue()), now=BEFORE, session_key=None)


def test_a_payload_under_the_signature_of_another_is_invalid():
    mine, theirs = issue(), issue(viewing_id=8)
    mixed = theirs.split(".")[0] + "." + mine.split(".")[1]

    with pytest.raises(TokenInvalid):
        read_viewing_token(mixed, now=BEFORE, session_key=None)


def test_a_token_signed_with_another_secret_is_invalid(settings):
    token = issue()
    settings.SECRET_KEY = "another"

    with pytest.raises(TokenInvalid):
        read_viewing_token(token, now=BEFORE, session_key=None)


def test_a_token_survives_the_rotation_of_the_secret(settings):
    token = issue()
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"

    assert read_viewing_token(token, now=BEFORE, session_key="abc").viewing_id == 7


def test_an_expired_token_is_refused():
    with pytest.raises(TokenExpired):
        read_viewing_token(issue(), now=AFTER, session_key="abc")


def test_a_token_of_another_sign_in_is_refused():
    with pytest.raises(TokenOfAnotherSession):
        read_viewing_token(issue(), now=BEFORE, session_key="abd")
