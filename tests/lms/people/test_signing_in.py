"""Signing in as a person meets it: one field, one answer for everybody, a session that is theirs."""

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client

from lms.journal.models import JournalEntry
from lms.people.models import Person, SignIn
from lms.people.uniting import merge_persons
from tests import world

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


def person_with(**facts: str) -> Person:
    person = world.learner(password=world.PASSWORD)
    for name, value in facts.items():
        setattr(person, name, value)
    person.save()
    return person


def sign_in(typed: str, password: str = world.PASSWORD, client: Client | None = None) -> Client:
    client = client or Client()
    client.post(LOGIN, {"login": typed, "password": password})
    return client


def signed_in_as(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


@pytest.mark.parametrize(
    "typed",
    ["13857804321", "138 5780 4321", "+86 138-5780-4321", "wu@example.gov.cn", "WU@Example.gov.cn"],
)
def test_phone_and_mail_sign_in_as_the_staff_number_does(typed):
    person = person_with(phone="13857804321", email="wu@example.gov.cn")

    assert signed_in_as(sign_in(typed)) == str(person.pk)
    assert signed_in_as(sign_in(f" {person.staff_number} ")) == str(person.pk)


def test_a_mail_address_longer_than_a_staff_number_signs_in():
    person = person_with(email="wu.xiaoyun.dangzhengban@songyang.lishui.gov.cn")

    assert signed_in_as(sign_in(person.email)) == str(person.pk)


@pytest.mark.parametrize("held", [{"phone": "13857804321"}, {"email": "a@example.gov.cn"}])
def test_a_phone_or_mail_of_two_active_people_signs_in_neither(held):
    first, second = person_with(**held), person_with(**held)
    second.set_password("another-word-2026")
    second.save()
    typed = next(iter(held.values()))

    for password in (world.PASSWORD, "another-word-2026"):
        assert signed_in_as(sign_in(typed, password)) is None
    assert signed_in_as(sign_in(first.staff_number)) == str(first.pk)


def test_a_phone_left_on_a_suspended_account_signs_in_who_has_it_now():
    person_with(phone="13857804321", is_active=False)
    now = person_with(phone="13857804321")

    assert signed_in_as(sign_in("13857804321")) == str(now.pk)


def test_a_staff_number_is_never_taken_for_somebodys_phone():
    owner = person_with(staff_number="13857804321")
    person_with(phone="13857804321")

    assert signed_in_as(sign_in("13857804321")) == str(owner.pk)


def test_known_and_unknown_accounts_get_the_same_answer_for_the_same_work(monkeypatch):
    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda *a, **k: hashed.append(1) or encode(*a, **k)
    )
    person = person_with(phone="13857804321")
    never_activated = world.learner()
    answers, work = set(), set()
    for typed in (person.staff_number, "13857804321", never_activated.staff_number, "nobody"):
        hashed.clear()
        page = Client(REMOTE_ADDR="10.0.0.9").post(LOGIN, {"login": typed, "password": "wrong-1"})
        left = page.context["form"].non_field_errors()
        answers.add((page.status_code, " ".join(left).replace("3", "4")))
        work.add(len(hashed))

    assert answers == {(200, "账号或密码不对，还能试 4 次。看一看大小写。")}
    assert work == {1}


def test_a_suspended_person_with_the_right_password_is_told_and_not_let_in():
    person = person_with(is_active=False)
    client = Client()

    answer = client.post(LOGIN, {"login": person.staff_number, "password": world.PASSWORD})

    assert answer.url == "/accounts/inactive/"
    assert signed_in_as(client) is None
    assert "账号停用了" in client.get(answer.url).content.decode()
    assert JournalEntry.objects.get(action="people.sign_in_failed").code == "account_suspended"


def merged(**facts: str) -> tuple[Person, Person]:
    """The account that was merged, and the one kept, each with its own password."""
    old, kept = person_with(**facts), person_with()
    kept.set_password("another-word-2026")
    kept.save()
    merge_persons(
        kept=kept, merged=old, reason="重复", by=world.holder("system_admin"), at=world.NOON
    )
    return old, kept


def test_a_merged_account_with_the_right_password_is_told_which_one_to_use():
    old, kept = merged()
    client = Client()

    answer = client.post(LOGIN, {"login": old.staff_number, "password": world.PASSWORD})

    assert answer.url == LOGIN
    assert signed_in_as(client) is None
    assert f"请用人员编号 {kept.staff_number} 登录" in client.get(LOGIN).content.decode()
    row = JournalEntry.objects.get(action="people.sign_in_failed")
    assert (row.outcome, row.code, row.object_id) == ("refused", "account_merged", str(old.pk))


def test_what_a_merged_account_became_is_not_told_to_who_lacks_its_password():
    old, kept = merged()
    client = Client()

    answer = client.post(LOGIN, {"login": old.staff_number, "password": "another-word-2026"})

    assert kept.staff_number not in answer.content.decode()
    assert signed_in_as(client) is None


def test_the_session_gets_a_new_name_when_somebody_signs_in():
    person = person_with()
    client = Client()
    client.get(LOGIN)
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    client.cookies["sessionid"] = before = session.session_key

    sign_in(person.staff_number, client=client)

    assert client.session.session_key != before
    assert signed_in_as(client) == str(person.pk)


def test_sign_ins_failures_and_sign_outs_are_in_the_journal_with_the_address():
    person = person_with()
    client = Client(REMOTE_ADDR="10.20.30.40")

    client.post(LOGIN, {"login": person.staff_number, "password": "wrong"})
    client.post(LOGIN, {"login": "nobody here", "password": "wrong"})
    sign_in(person.staff_number, client=client)
    client.post("/accounts/logout/")

    rows = JournalEntry.objects.order_by("pk").values_list("action", "outcome", "code", "address")
    assert [row for row in rows if row[0].startswith("people.sign")] == [
        ("people.sign_in_failed", "refused", "password_mismatch", "10.20.30.40"),
        ("people.sign_in_failed", "refused", "account_unknown", "10.20.30.40"),
        ("people.signed_in", "done", "", "10.20.30.40"),
        ("people.signed_out", "done", "", "10.20.30.40"),
    ]
    assert SignIn.objects.get(person=person).end == "signed_out"


def test_what_was_typed_for_an_unknown_account_is_nowhere_kept():
    Client().post(LOGIN, {"login": "my-secret-password", "password": "x"})

    kept = JournalEntry.objects.filter(action="people.sign_in_failed").get()
    assert "my-secret" not in str(vars(kept))


@pytest.mark.parametrize("typed", ["\x00", "a\x00b", "\u202e", "名" * 300, "a" * 100_000])
def test_unreadable_accounts_are_refused_and_never_an_error(typed):
    answer = Client().post(LOGIN, {"login": typed, "password": "x"})

    assert answer.status_code == 200
