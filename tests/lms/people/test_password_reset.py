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


def test_the_link_of_the_mail_sets_a_new_password():
    person = world.learner(password=world.PASSWORD)
    person.email = "wu@example.gov.cn"
    person.save()
    client = Client()
    client.post(ADDRESS, {"email": person.email})
    link = re.search(r"http://testserver(/accounts/password/reset/key/\S+)", mail.outbox[0].body)
    form = client.get(link[1], follow=True)

    new = "a-new-password-2027"
    client.post(form.request["PATH_INFO"], {"password1": new, "password2": new})

    person.refresh_from_db()
    assert person.check_password(new)
