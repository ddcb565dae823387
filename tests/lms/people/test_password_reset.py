"""The forgotten password: the same answer for everybody, mail only to those we know."""

import re

import pytest
from django.core import mail
from django.test import Client

from tests import world

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
