"""Signing in elsewhere: with a real provider it works, with one that lies nobody gets in."""

import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from config import env
from lms.journal.models import JournalEntry
from lms.people.models import Person, RoleGrant
from lms.people.uniting import merge_persons
from tests import world
from tests.factors import totp_now, with_totp
from tests.issuers import Forger, Issuer, begin, configure

pytestmark = pytest.mark.django_db
MAIL = "wu@example.gov.cn"


@pytest.fixture
def person() -> Person:
    person = world.learner()
    person.email = MAIL
    person.save()
    return person


@pytest.fixture
def real(issuer, settings, monkeypatch) -> Issuer:
    configure(settings, monkeypatch, issuer.url)
    return issuer


@pytest.fixture
def lying(forger, settings, monkeypatch) -> Forger:
    configure(settings, monkeypatch, forger.url)
    return forger


def through(issuer: Issuer, sub: str, client: Client | None = None) -> tuple[Client, object]:
    client = client or Client(REMOTE_ADDR="10.7.7.7")
    return client, client.get(issuer.come_back(begin(client), sub))


def forged(forger: Forger) -> tuple[Client, object]:
    client = Client()
    return client, client.get(forger.authorise(begin(client)))


def is_in(client: Client) -> bool:
    return client.get("/record/").status_code == 200


# With a real provider


def test_a_verified_mail_signs_in_and_leads_to_where_one_was_going(real, person):
    real.tell("mail-1", email=MAIL, email_verified=True)

    client, answer = through(real, "mail-1")

    assert (answer.status_code, answer.url) == (302, "/record/")
    assert is_in(client)
    assert person.sign_ins.get().way == "sso"
    signed_in = JournalEntry.objects.get(action="people.signed_in")
    assert (signed_in.actor, signed_in.address) == (person, "10.7.7.7")
    assert JournalEntry.objects.filter(action="people.sso_linked", actor=person).count() == 1


def test_a_configured_claim_names_the_staff_number(issuer, settings, monkeypatch, person):
    configure(settings, monkeypatch, issuer.url, claim="employee_id")
    issuer.tell("claim-1", employee_id=person.staff_number)

    client, _answer = through(issuer, "claim-1")

    assert is_in(client)


def test_who_was_linked_once_is_known_by_the_identity_afterwards(real, person):
    real.tell("kept-1", email=MAIL, email_verified=True)
    through(real, "kept-1")
    Person.objects.filter(pk=person.pk).update(email="new@example.gov.cn")

    client, _answer = through(real, "kept-1")

    assert is_in(client)
    assert SocialAccount.objects.get().extra_data == {}  # claims are looked at, not kept


def test_the_second_factor_is_asked_for_here_too(real, person):
    with_totp(person)
    real.tell("factor-1", email=MAIL, email_verified=True)

    client, _answer = through(real, "factor-1")
    assert not is_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": totp_now()})

    assert is_in(client)


def test_nobody_is_made_and_no_role_is_granted_whatever_the_claims_say(real, person):
    people = Person.objects.count()
    real.tell("role-1", email=MAIL, email_verified=True, roles=["system_admin"], groups=["admin"])
    through(real, "role-1")
    real.tell("nobody-1", email="nobody@example.gov.cn", email_verified=True)
    client, answer = through(real, "nobody-1")

    assert not RoleGrant.objects.exists()
    assert Person.objects.count() == people
    assert answer.status_code == 403
    assert "在名册里找不到" in answer.content.decode()
    assert not is_in(client)


@pytest.mark.parametrize("verified", [False, None, "true"])
def test_an_unverified_mail_is_refused(real, person, verified):
    claims = {"email": MAIL} | ({} if verified is None else {"email_verified": verified})
    real.tell("unverified-1", **claims)

    client, answer = through(real, "unverified-1")

    assert answer.status_code == 403
    assert "邮箱没有验证过" in answer.content.decode()
    assert "sso_mail_unverified" in answer.content.decode()
    assert not is_in(client)
    refused = JournalEntry.objects.get(action="people.sso_refused")
    assert (refused.outcome, refused.code) == ("refused", "sso_mail_unverified")


def test_a_suspended_person_is_refused_linked_or_not(real, person):
    real.tell("suspended-1", email=MAIL, email_verified=True)
    Person.objects.filter(pk=person.pk).update(is_active=False)
    assert "账号停用了" in through(real, "suspended-1")[1].content.decode()
    Person.objects.filter(pk=person.pk).update(is_active=True)
    through(real, "suspended-1")
    Person.objects.filter(pk=person.pk).update(is_active=False)

    client, answer = through(real, "suspended-1")

    assert (answer.status_code, "账号停用了" in answer.content.decode()) == (403, True)
    assert not is_in(client)


def test_a_merged_account_is_refused_and_the_kept_one_named_as_the_way(real, person):
    merge_persons(
        kept=world.learner(), merged=person, reason="重复建档", by=world.holder("system_admin"),
        at=world.NOON,
    )  # fmt: skip
    real.tell("merged-1", email=MAIL, email_verified=True)

    client, answer = through(real, "merged-1")

    assert "请用保留的编号登录" in answer.content.decode()
    assert not is_in(client)


def test_a_mail_two_people_hold_signs_in_neither(real, person):
    other = world.learner()
    other.email = MAIL.upper()
    other.save()
    real.tell("two-1", email=MAIL, email_verified=True)

    client, answer = through(real, "two-1")

    assert "不止一个人用" in answer.content.decode()
    assert not is_in(client)


def test_another_identity_with_the_same_mail_is_refused(real, person):
    """Addresses are given to successors; the account is not."""
    real.tell("first-1", email=MAIL, email_verified=True)
    real.tell("second-1", email=MAIL, email_verified=True)
    through(real, "first-1")

    client, answer = through(real, "second-1")

    assert "绑定了另一个统一身份" in answer.content.decode()
    assert not is_in(client)


def test_a_wrong_or_used_state_is_refused(real, person):
    real.tell("state-1", email=MAIL, email_verified=True)
    client = Client()
    back = real.come_back(begin(client), "state-1")

    elsewhere = Client().get(back)  # another browser: no such state there
    client.get(back)
    client.post("/accounts/logout/")
    again = client.get(back)
    invented = client.get("/accounts/oidc/sso/login/callback/?code=x&state=invented")

    for answer in (elsewhere, again, invented):
        assert answer.status_code == 401
        assert "sso_state_invalid" in answer.content.decode()


def test_cancelling_there_changes_nothing(real):
    client = Client()
    state = begin(client).split("state=")[1].split("&")[0]

    address = f"/accounts/oidc/sso/login/callback/?error=access_denied&state={state}"
    page = client.get(address, follow=True)

    assert "你取消了登录" in page.content.decode()


def test_a_link_signs_nobody_in_only_a_press_of_the_button_does(real):
    page = Client().get("/accounts/oidc/sso/login/?process=connect&scope=admin")

    assert page.status_code == 200
    assert "用统一身份认证登录" in page.content.decode()


def test_what_the_address_says_does_not_reach_the_issuer(real):
    address = Client().post(
        "/accounts/oidc/sso/login/?scope=admin&auth_params=prompt%3Dnone&process=connect"
    ).url  # fmt: skip

    assert "admin" not in address
    assert "prompt" not in address
    assert "code_challenge=" in address
    assert "nonce=" in address


# With one that lies


def test_the_forger_signs_in_while_it_tells_the_truth(lying, person):
    """The lies below differ from this in one thing each."""
    client, answer = forged(lying)

    assert answer.status_code == 302
    assert is_in(client)


LIES = {
    "another issuer": {"claims": {"iss": "https://evil.example"}},
    "another audience": {"claims": {"aud": "another-client"}},
    "several audiences, made for another": {"claims": {"aud": ["qiangji", "b"], "azp": "b"}},
    "another nonce": {"claims": {"nonce": "replayed"}},
    "no nonce": {"left_out": {"nonce"}},
    "no issuer": {"left_out": {"iss"}},
    "no audience": {"left_out": {"aud"}},
    "no expiry": {"left_out": {"exp"}},
    "expired": {"claims": {"exp": 1_700_000_000}},
    "made in the future": {"claims": {"iat": 4_000_000_000}},
    "no signature": {"algorithm": "none"},
    "signed with the client's secret": {
        "algorithm": "HS256",
        "key": "a-secret-of-32-bytes-and-a-bit-more",
    },
    "signed with another key": {"published": rsa.generate_private_key(65537, 2048).public_key()},
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_a_token_that_lies_signs_nobody_in(lying, person, lie):
    for name, value in lie.items():
        if name == "key":
            lying.published = lying.key.public_key()
        setattr(lying, name, value)

    client, answer = forged(lying)

    assert answer.status_code == 401
    assert "凭证不对或过期了" in answer.content.decode()
    assert not is_in(client)
    assert JournalEntry.objects.get(action="people.sso_refused").code == "sso_token_invalid"
    assert not SocialAccount.objects.exists()


def test_a_provider_that_calls_itself_something_else_is_not_used(lying):
    lying.issuer = "https://evil.example"

    answer = Client().post("/accounts/oidc/sso/login/")

    assert answer.status_code == 502
    assert "sso_issuer_mismatch" in answer.content.decode()


@pytest.mark.parametrize("name", ["jwks_uri", "token_endpoint"])
def test_the_server_asks_nobody_but_the_issuer(lying, person, name):
    lying.endpoints = {name: "http://169.254.169.254/latest/"}

    _client, answer = forged(lying)

    assert answer.status_code == 502
    assert "sso_issuer_mismatch" in answer.content.decode()


@pytest.mark.parametrize(
    "answer", [("302 Found", b""), ("500 Broken", b"x"), ("200 OK", b"not json"), ("200 OK", b"[]")]
)
def test_redirects_errors_and_rubbish_of_the_issuer_are_no_errors_of_ours(lying, person, answer):
    lying.answers["/token"] = answer

    client, page = forged(lying)

    assert page.status_code in {401, 502}
    assert not is_in(client)
    assert "/jwks" not in lying.asked  # the redirect was not followed


def test_an_endless_answer_is_cut_off(lying, person):
    lying.answers["/jwks"] = ("200 OK", b'{"keys": "' + b"x" * 2_000_000 + b'"}')

    client, page = forged(lying)

    assert page.status_code == 502
    assert not is_in(client)


def test_a_provider_that_is_away_is_said_to_be(settings, monkeypatch):
    configure(settings, monkeypatch, "http://127.0.0.1:9")

    answer = Client().post("/accounts/oidc/sso/login/")

    assert answer.status_code == 502
    assert "现在连不上" in answer.content.decode()


# Configuration


def test_without_an_issuer_there_is_no_such_door(settings):
    settings.OIDC = {}

    assert Client().get("/accounts/oidc/sso/login/").status_code == 404
    assert Client().get("/accounts/oidc/sso/login/callback/?code=x").status_code == 404
    assert "统一身份" not in Client().get("/accounts/login/").content.decode()


def test_an_issuer_without_tls_is_not_taken(monkeypatch):
    monkeypatch.setenv("OIDC_ISSUER", "http://sso.example.gov.cn")

    with pytest.raises(env.SettingRefused, match="https"):
        env.oidc()


def test_the_sign_in_page_offers_it_by_its_name(real):
    page = Client().get("/accounts/login/").content.decode()

    assert "用统一身份认证登录" in page
