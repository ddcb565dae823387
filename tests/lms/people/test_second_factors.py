"""Staff and administrators have a second factor, on every path; nobody talks their way around it."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client

from lms.common.clock import database_now
from lms.journal.models import JournalEntry
from lms.people.models import Person
from lms.people.roles import PERMISSIONS, ROLES_NEEDING_SECOND_FACTOR, Role
from lms.people.second_factors import (
    AboveYou,
    NothingToReset,
    ReasonMissing,
    reset_second_factor,
)
from lms.people.services import grant_role
from lms.people.suspending import suspend_account
from tests import world
from tests.factors import recovery_codes, totp_now, with_totp

pytestmark = pytest.mark.django_db
LOGIN, AUTHENTICATE = "/accounts/login/", "/accounts/2fa/authenticate/"
SECURITY = "/accounts/security/"


@pytest.fixture(autouse=True)
def required(settings) -> None:
    settings.QIANGJI = {**settings.QIANGJI, "SECOND_FACTOR_REQUIRED": True}


def password_only(person: Person) -> Client:
    client = Client(REMOTE_ADDR="10.4.4.4")
    client.post(LOGIN, {"login": person.staff_number, "password": world.PASSWORD})
    return client


def is_in(client: Client) -> bool:
    return client.get("/record/").status_code == 200


def test_every_role_that_opens_something_of_others_needs_one():
    assert set(PERMISSIONS) == ROLES_NEEDING_SECOND_FACTOR
    assert not ROLES_NEEDING_SECOND_FACTOR & {
        Role.LEARNER, Role.MENTOR, Role.LECTURER,
    }  # fmt: skip


@pytest.mark.parametrize("role", sorted(ROLES_NEEDING_SECOND_FACTOR))
def test_without_one_no_path_is_open_but_setting_one_up(role):
    client = password_only(world.holder(role, password=world.PASSWORD))

    for address in ("/", "/record/", "/courses/", "/archive/", "/manage/", "/people/activation/"):
        answer = client.get(address)
        assert (answer.status_code, answer.get("Location")) == (302, SECURITY), address
    machine = client.get("/api/v1/me/record")
    assert (machine.status_code, machine.json()["code"]) == (403, "second_factor_needed")
    page = client.get(SECURITY)
    assert page.status_code == 200
    assert "先设好第二重验证" in page.content.decode()


def test_learners_and_mentors_need_none():
    for role in ("learner", "mentor", "lecturer"):
        assert is_in(password_only(world.holder(role, password=world.PASSWORD)))


def test_the_rule_can_be_switched_off_for_a_demo(settings):
    settings.QIANGJI = {**settings.QIANGJI, "SECOND_FACTOR_REQUIRED": False}

    assert is_in(password_only(world.holder("archivist", password=world.PASSWORD)))


def test_setting_up_an_authenticator_opens_the_site_and_shows_the_recovery_codes_once(
    django_capture_on_commit_callbacks,
):
    person = world.holder("archivist", password=world.PASSWORD)
    client = password_only(person)
    form = client.get("/accounts/2fa/totp/activate/")
    secret = form.context["form"].secret

    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/accounts/2fa/totp/activate/", {"code": totp_now(secret)})

    assert answer.url == "/accounts/2fa/recovery-codes/"
    shown = client.get(answer.url).content.decode()
    again = client.get(answer.url).content.decode()
    codes = recovery_codes(person)
    assert len(codes) == 10
    assert all(code in shown for code in codes)
    assert "data:text/plain;charset=utf-8," in shown  # the download
    assert not any(code in again for code in codes)
    assert client.get("/archive/").status_code == 200
    assert "还剩 10 个，共 10 个" in client.get(SECURITY).content.decode()
    added = JournalEntry.objects.filter(action="people.second_factor_added", actor=person)
    assert {row.detail["kind"] for row in added} == {"totp", "recovery_codes"}


def test_the_key_of_an_authenticator_rests_encrypted():
    person = world.learner()

    stored = str(with_totp(person).data)

    assert "JBSWY3DP" not in stored
    assert "gAAAA" in stored


def test_a_password_alone_signs_nobody_in_who_has_one():
    person = world.learner(password=world.PASSWORD)
    with_totp(person)

    client = password_only(person)

    assert not is_in(client)
    assert "还差一步" in client.get(AUTHENTICATE).content.decode()


def test_the_six_digits_complete_the_sign_in():
    person = world.holder("archivist", password=world.PASSWORD)
    with_totp(person)
    client = password_only(person)

    client.post(AUTHENTICATE, {"code": totp_now()})

    assert client.get("/archive/").status_code == 200
    assert person.sign_ins.get().has_second_factor


def test_who_is_suspended_between_password_and_code_gets_nowhere():
    person = world.learner(password=world.PASSWORD)
    with_totp(person)
    client = password_only(person)
    suspend_account(
        person=person, by=world.holder("security_admin"), at=database_now(), reason="离职"
    )

    client.post(AUTHENTICATE, {"code": totp_now()})

    assert not is_in(client)


def test_a_code_is_taken_once_even_when_the_cache_forgets():
    person = world.learner(password=world.PASSWORD)
    with_totp(person)
    code = totp_now()
    password_only(person).post(AUTHENTICATE, {"code": code})
    cache.clear()
    second = password_only(person)

    page = second.post(AUTHENTICATE, {"code": f"{code[:3]} {code[3:]}"})

    assert "已经用过" in page.content.decode()
    assert not is_in(second)


def test_a_recovery_code_stands_in_once_and_is_counted():
    person = world.learner(password=world.PASSWORD)
    with_totp(person)
    code = recovery_codes(person)[0]
    client = password_only(person)
    client.post(AUTHENTICATE, {"code": code})
    assert is_in(client)
    assert "还剩 9 个，共 10 个" in client.get(SECURITY).content.decode()

    again = password_only(person)
    again.post(AUTHENTICATE, {"code": code})

    assert not is_in(again)
    assert JournalEntry.objects.filter(action="people.recovery_code_used").count() == 1


def test_guessing_codes_is_slowed_down_whatever_the_cache_forgets():
    person = world.learner(password=world.PASSWORD)
    with_totp(person)
    client = password_only(person)
    for _ in range(5):
        client.post(AUTHENTICATE, {"code": "000000"})
        cache.clear()

    page = client.post(AUTHENTICATE, {"code": totp_now()})

    assert "连续输错太多次，请过 1 分钟再试" in page.content.decode()
    assert not is_in(client)
    refused = JournalEntry.objects.filter(action="people.second_factor_failed", outcome="refused")
    assert refused.count() == 5


def test_the_last_factor_of_who_needs_one_stays():
    person = world.holder("archivist", password=world.PASSWORD)
    with_totp(person)
    client = password_only(person)
    client.post(AUTHENTICATE, {"code": totp_now()})

    page = client.post("/accounts/2fa/totp/deactivate/")

    assert "最后一种不能去掉" in page.content.decode()
    assert Authenticator.objects.filter(user=person, type="totp").exists()


def test_a_learner_takes_theirs_away():
    person = world.learner(password=world.PASSWORD)
    with_totp(person)
    client = password_only(person)
    client.post(AUTHENTICATE, {"code": totp_now()})

    client.post("/accounts/2fa/totp/deactivate/")

    assert not Authenticator.objects.filter(user=person).exists()
    assert JournalEntry.objects.filter(action="people.second_factor_removed").exists()


@pytest.mark.parametrize(
    "address", ["2fa/totp/activate/", "2fa/webauthn/add/", "2fa/recovery-codes/generate/"]
)
def test_changes_ask_for_the_password_again_a_while_after_signing_in(address):
    person = world.learner(password=world.PASSWORD)
    with_totp(person)
    client = Client()
    client.force_login(person)  # a session without a fresh sign-in

    answer = client.get(f"/accounts/{address}")

    assert answer.url.startswith("/accounts/reauthenticate/?next=")
    assert "确认是你本人" in client.get(answer.url).content.decode()


def test_addresses_of_allauth_that_are_not_used_do_not_exist():
    client = Client()
    client.force_login(world.learner())

    for address in ("2fa/recovery-codes/download/", "3rdparty/", "3rdparty/signup/", "signup/"):
        assert client.get(f"/accounts/{address}").status_code == 404


# A security administrator resets it


def test_a_reset_takes_everything_away_ends_the_sessions_and_is_written_down():
    person = world.learner(password=world.PASSWORD)
    with_totp(person)
    client = password_only(person)
    client.post(AUTHENTICATE, {"code": totp_now()})
    admin = world.holder("security_admin")

    removed = reset_second_factor(
        person=person, reason="手机丢失，已当面核对身份", by=admin, at=world.NOON
    )

    assert removed == 2
    assert not Authenticator.objects.filter(user=person).exists()
    page = client.get("/record/", follow=True)
    assert "重置了你的第二重验证" in page.content.decode()
    row = JournalEntry.objects.get(action="people.second_factor_reset")
    assert (row.actor, row.object_id, row.reason) == (
        admin,
        str(person.pk),
        "手机丢失，已当面核对身份",
    )


def test_a_reset_without_a_reason_or_without_a_factor_is_refused():
    person, admin = world.learner(), world.holder("security_admin")
    with pytest.raises(NothingToReset) as nothing:
        reset_second_factor(person=person, reason="手机丢失了", by=admin, at=world.NOON)
    with_totp(person)
    with pytest.raises(ReasonMissing) as missing:
        reset_second_factor(person=person, reason="  ", by=admin, at=world.NOON)

    assert (nothing.value.code, missing.value.code) == ("nothing_to_reset", "reason_missing")
    assert "请写明理由" in missing.value.sentence
    assert Authenticator.objects.filter(user=person).count() == 2


def test_who_administers_more_than_the_town_keeps_their_factor_before_the_towns_administrator():
    admin = world.holder("security_admin", unit=world.town())
    above = world.learner(unit=world.town())
    grant_role(
        person=above, role="publisher", unit=world.county(), from_date=world.NOON.date(),
        by=None, at=world.NOON,
    )  # fmt: skip
    with_totp(above)

    with pytest.raises(AboveYou) as refusal:
        reset_second_factor(person=above, reason="手机丢失，已当面核对", by=admin, at=world.NOON)

    assert refusal.value.code == "account_above_you"
    assert "那一级的安全管理员" in refusal.value.sentence
    assert Authenticator.objects.filter(user=above).count() == 2


def post_reset(by: Person, person: Person, **data: str) -> int:
    client = Client()
    client.force_login(by)
    with_factor = {"reason": "手机丢失，已当面核对", **data}
    return client.post(
        f"/people/{person.staff_number}/reset-second-factor/", with_factor
    ).status_code


@pytest.mark.parametrize("role", sorted(set(Role.values) - {"security_admin"}))
def test_only_a_security_administrator_resets(role, settings):
    settings.QIANGJI = {**settings.QIANGJI, "SECOND_FACTOR_REQUIRED": False}
    person = world.learner()
    with_totp(person)

    assert post_reset(world.holder(role), person) == 404
    assert Authenticator.objects.filter(user=person).count() == 2


def test_nobody_resets_their_own_nor_one_of_another_town(settings):
    settings.QIANGJI = {**settings.QIANGJI, "SECOND_FACTOR_REQUIRED": False}
    admin = world.holder("security_admin", unit=world.town())
    elsewhere = world.learner(unit=world.town("玉岩镇", "331124105"))
    here = world.learner()
    for person in (admin, elsewhere, here):
        with_totp(person)

    answers = [post_reset(admin, person) for person in (admin, elsewhere, here)]

    assert answers == [404, 404, 302]
    assert Authenticator.objects.filter(user__in=[admin, elsewhere]).count() == 4


def test_a_reset_refused_is_in_the_journal_and_leads_nowhere_else(settings):
    settings.QIANGJI = {**settings.QIANGJI, "SECOND_FACTOR_REQUIRED": False}
    admin, person = world.holder("security_admin"), world.learner()
    client = Client()
    client.force_login(admin)

    answer = client.post(
        f"/people/{person.staff_number}/reset-second-factor/",
        {"reason": "手机丢失，已当面核对", "next": "https://evil.example/"},
    )

    assert answer.url == f"/people/{person.staff_number}/"
    row = JournalEntry.objects.get(action="people.second_factor_reset")
    assert (row.outcome, row.code) == ("refused", "nothing_to_reset")


def test_no_page_of_setting_up_carries_anything_inline():
    person = world.learner(password=world.PASSWORD)
    client = password_only(person)

    for address in ("2fa/totp/activate/", "2fa/webauthn/add/", "security/", "login/"):
        body = client.get(f"/accounts/{address}", follow=True).content.decode()
        scripts = re.findall(r"<script(?![^>]*src=)([^>]*)>", body)
        assert all("application/json" in attributes for attributes in scripts)
        assert " style=" not in body
