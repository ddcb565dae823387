"""The forgotten password: the same answer for everybody, mail only to those we know."""

import re
from datetime import date, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from lms.common.clock import database_now
from lms.people.granting import grant_role
from lms.people.models import Person
from lms.people.suspending import suspend_account
from lms.people.uniting import merge_persons
from tests import world
from tests.factors import with_totp

pytestmark = pytest.mark.django_db
ADDRESS = "/accounts/password/reset/"


def test_an_unknown_address_gets_the_same_answer_and_no_mail():
    known = world.learner(password=world.PASSWORD)
    known.email = "wu@example.gov.cn"
    known.save()

    answers = [Client().post(ADDRESS, {"email": e}) for e in (known.email, "no@example.org")]

    assert {(a.status_code, a.url) for a in answers} == {(302, f"{ADDRESS}done/")}
    assert [message.to for message in mail.outbox] == [["wu@example.gov.cn"]]


def test_the_link_of_the_mail_is_ours_whatever_host_was_asked_and_sets_a_new_password(settings):
    settings.BASE_URL = "https://training.example.gov.cn"
    person = world.learner(password=world.PASSWORD)
    person.email = "wu@example.gov.cn"
    person.save()
    client = Client(headers={"host": "localhost"})
    client.post(ADDRESS, {"email": person.email})
    link = re.search(
        r"https://training\.example\.gov\.cn(/accounts/password/reset/key/\S+)", mail.outbox[0].body
    )
    form = client.get(link[1], follow=True)

    new = "a-new-password-2027"
    client.post(form.request["PATH_INFO"], {"password1": new, "password2": new})

    person.refresh_from_db()
    assert person.check_password(new)


def test_an_address_two_active_people_hold_resets_neither_and_answers_the_same():
    for person in (world.learner(password=world.PASSWORD), world.learner(password=world.PASSWORD)):
        person.email = "office@example.gov.cn"
        person.save()

    answer = Client().post(ADDRESS, {"email": "office@example.gov.cn"})

    assert (answer.status_code, answer.url) == (302, f"{ADDRESS}done/")
    assert mail.outbox == []


def test_a_link_works_once(settings):
    settings.BASE_URL = "http://testserver"
    person = world.learner(password=world.PASSWORD)
    person.email = "wu@example.gov.cn"
    person.save()
    client = Client()
    client.post(ADDRESS, {"email": person.email})
    link = re.search(r"http://testserver(/accounts/password/reset/key/\S+)", mail.outbox[0].body)[1]
    new = "a-new-password-2027"
    form = client.get(link, follow=True)
    client.post(form.request["PATH_INFO"], {"password1": new, "password2": new})

    again = Client().get(link, follow=True)

    assert "这个链接用不了了" in again.content.decode()


def reachable(address: str = "wu@example.gov.cn") -> Person:
    person = world.learner(password=world.PASSWORD)
    person.email = address
    person.save()
    return person


def asked_link(address: str) -> str:
    Client().post(ADDRESS, {"email": address})
    return re.search(r"http://testserver(/accounts/password/reset/key/\S+)", mail.outbox[-1].body)[
        1
    ]


def test_an_address_left_on_another_account_leads_to_whom_it_belongs_now():
    before, now = reachable("left@example.gov.cn"), reachable()
    EmailAddress.objects.create(user=before, email="wu@example.gov.cn", verified=True)

    Client().post(ADDRESS, {"email": "wu@example.gov.cn"})

    assert [now.staff_number in message.body for message in mail.outbox] == [True]
    assert before.staff_number not in mail.outbox[0].body


def test_capitals_in_an_address_make_no_difference():
    reachable("Wu.Xiaoyun@example.gov.cn")

    Client().post(ADDRESS, {"email": "wu.xiaoyun@EXAMPLE.gov.cn"})

    assert [message.to for message in mail.outbox] == [["Wu.Xiaoyun@example.gov.cn"]]


@pytest.mark.parametrize("typed", ["w\u017f@example.gov.cn", "\u212a@example.gov.cn"])
def test_mail_goes_to_the_address_we_know_whatever_looks_like_it(typed):
    """upper('\u017f') is S: mail to what was typed would go to whoever asked."""
    for address in ("ws@example.gov.cn", "k@example.gov.cn"):
        reachable(address)

    Client().post(ADDRESS, {"email": typed})

    assert {to for message in mail.outbox for to in message.to} <= {"k@example.gov.cn"}


def grants_a_role(person: Person) -> None:
    today = database_now().date()
    grant_role(
        person=person, role="publisher", unit=world.county(), at=database_now(),
        from_date=today + timedelta(days=1), by=world.holder("security_admin"),
    )  # fmt: skip


def suspends(person: Person) -> None:
    suspend_account(
        person=person, by=world.holder("security_admin"), at=database_now(), reason="离职"
    )


def merges(person: Person) -> None:
    merge_persons(
        kept=world.learner(), merged=person, reason="重复建档", at=database_now(),
        by=world.holder("system_admin"),
    )  # fmt: skip


@pytest.mark.parametrize("change", [grants_a_role, suspends, merges])
def test_a_link_asked_for_before_the_account_changed_sets_no_password(settings, change):
    settings.BASE_URL = "http://testserver"
    person = reachable()
    link = asked_link(person.email)

    change(person)
    answer = Client().get(link, follow=True)

    assert "这个链接用不了了" in answer.content.decode()


def test_a_mailbox_alone_opens_no_account_that_needs_a_second_factor(settings):
    """Whoever set the address before the role was given would set up a factor of their own."""
    settings.QIANGJI = settings.QIANGJI | {"SECOND_FACTOR_REQUIRED": True}
    person = reachable()
    grant_role(
        person=person, role="publisher", unit=world.county(), from_date=date(2020, 1, 1),
        by=None, at=world.NOON,
    )  # fmt: skip

    answer = Client().post(ADDRESS, {"email": person.email})
    assert (answer.status_code, mail.outbox) == (302, [])

    with_totp(person)
    Client().post(ADDRESS, {"email": person.email})
    assert [message.to for message in mail.outbox] == [[person.email]]
