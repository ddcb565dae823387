"""Signing in as a person meets it: the form asks for a staff number and answers in the same words."""

import pytest

from tests import world

pytestmark = pytest.mark.django_db


def test_a_wrong_password_is_answered_in_the_words_of_the_form(client):
    person = world.learner(password=world.PASSWORD)

    page = client.post("/accounts/login/", {"login": person.staff_number, "password": "wrong"})

    text = page.content.decode()
    assert "人员编号或密码不对" in text
    assert "用户名" not in text
