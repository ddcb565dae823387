"""Password rules are figures of the settings."""

from datetime import timedelta

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from config.settings import base
from lms.people.models import FormerPassword, Person
from lms.people.passwords import kinds_in, set_password
from tests import world

pytestmark = pytest.mark.django_db
CHANGE = "/accounts/password/change/"


def refusals(password: str, person: Person | None = None) -> set[str]:
    try:
        validate_password(password, person)
    except ValidationError as error:
        return {one.code for one in error.error_list}
    return set()


def test_length_and_kinds_are_those_of_the_settings(settings):
    assert refusals("Sh0rt-one") == {"password_too_short"}
    assert refusals("onlylowercase-letters") == {"password_too_plain"}
    assert refusals("long-enough-2026") == set()

    settings.QIANGJI = {**settings.QIANGJI, "PASSWORD_MIN_LENGTH": 20, "PASSWORD_CLASSES": 4}

    assert refusals("long-enough-2026") == {"password_too_short", "password_too_plain"}
    assert refusals("Long-enough-in-2026-今年") == set()


@pytest.mark.parametrize(
    ("password", "kinds"), [("abc", 1), ("aB", 2), ("aB3", 3), ("aB3-", 4), ("强基", 1)]
)
def test_kinds_of_signs_are_counted(password, kinds):
    assert kinds_in(password) == kinds


def test_a_password_like_ones_own_number_or_a_common_one_is_refused():
    person = world.learner()
    person.staff_number = "SY-2026-000123x"

    assert "password_too_similar" in refusals("SY-2026-000123x", person)
    assert "password_too_common" in refusals("Password123", None) | refusals("password1", None)


def test_the_last_five_passwords_do_not_come_back_and_only_hashes_are_kept():
    person = world.learner()
    used = [f"Number-{number}-of-mine" for number in range(7)]
    for days, password in enumerate(used):
        set_password(person=person, password=password, at=world.NOON + timedelta(days=days))

    again = [password for password in used if "password_used_before" in refusals(password, person)]

    assert again == used[2:]
    assert FormerPassword.objects.filter(person=person).count() == 5
    assert not any("Number" in row.encoded for row in FormerPassword.objects.all())


@pytest.fixture
def expiring(settings):
    settings.QIANGJI = {**settings.QIANGJI, "PASSWORD_EXPIRES_DAYS": 90}
    person = world.learner(password=world.PASSWORD)
    person.password_changed_at = timezone.now() - timedelta(days=91)
    person.save()
    client = Client()
    client.post("/accounts/login/", {"login": person.staff_number, "password": world.PASSWORD})
    return person, client


def test_an_old_password_opens_nothing_but_the_page_to_change_it(expiring):
    _person, client = expiring

    for address in ("/", "/record/", "/courses/", "/manage/", "/accounts/security/"):
        answer = client.get(address)
        assert (answer.status_code, answer.get("Location")) == (302, CHANGE), address
    machine = client.get("/api/v1/me/record")
    assert (machine.status_code, machine.json()["code"]) == (403, "password_expired")
    assert "密码用了 90 天" in client.get(CHANGE).content.decode()


def test_a_new_password_opens_everything_again(expiring):
    person, client = expiring
    new = "a-new-password-2027"

    client.post(CHANGE, {"oldpassword": world.PASSWORD, "password1": new, "password2": new})

    assert client.get("/record/").status_code == 200
    person.refresh_from_db()
    assert person.check_password(new)


def test_the_page_to_change_it_refuses_the_old_one_again(expiring):
    _person, client = expiring
    same = {"oldpassword": world.PASSWORD, "password1": world.PASSWORD, "password2": world.PASSWORD}

    page = client.post(CHANGE, same)

    assert "最近 5 次用过的密码不能再用" in page.content.decode()
    assert client.get("/record/").status_code == 302


def test_guessing_the_present_password_of_a_signed_in_person_is_slowed_down():
    person = world.learner(password=world.PASSWORD)
    client = Client()
    client.force_login(person)
    new = {"password1": "a-new-password-2027", "password2": "a-new-password-2027"}

    said = [client.post(CHANGE, {"oldpassword": "wrong", **new}).content.decode() for _ in range(6)]

    assert "现在的密码不对" in said[0]
    assert "连续输错太多次" in said[5]


def test_production_hashes_with_argon2():
    assert base.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")
