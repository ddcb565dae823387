"""English is complete: every message of the code has an English text that fits its place."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation

from config import messages
from tests import world

PLACEHOLDER = re.compile(r"%\((\w+)\)(?:0?\d*\.?\d*)[sdf]|%[sd]|\{(\w*)\}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
FIX = "run: python -m config.messages, then fill in lms/locale/en/LC_MESSAGES/django.po"


def texts(message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (message.string,)


def placeholders(text: str) -> set[str]:
    return {found.group(0) for found in PLACEHOLDER.finditer(text)}


def test_every_message_of_the_code_has_an_english_text():
    missing = [message.id for message in messages.untranslated(messages.updated())]

    assert missing == [], FIX


def test_english_texts_keep_the_placeholders():
    wrong = [
        message.id
        for message in messages.english()
        if message.id and isinstance(message.id, str) and message.string
        for text in texts(message)
        if placeholders(text) != placeholders(message.id)
    ]

    assert wrong == []


def test_english_texts_are_english():
    chinese = [
        message.id
        for message in messages.english()
        if message.id and any(CHINESE.search(text) for text in texts(message))
    ]

    assert chinese == []


def test_messages_of_templates_and_of_python_are_both_found(tmp_path: Path):
    ids = {message.id for message in messages.messages_in_code()}

    assert "我的学时档案" in ids  # lms/portal/views/record.py
    assert "逐笔明细" in ids  # lms/templates/portal/record.html, {% translate %}
    assert "封装%(next_label)s" in ids  # lms/templates/archive/packages.html, {% blocktranslate %}


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/courses/", "/record/", "/accounts/logout/"])
def test_a_page_in_english_has_no_chinese_but_names_and_titles(address):
    person = world.learner(name="Wu", unit=world.county())
    world.package(title="Grid", summary="A summary.", lecturer_name="Xu")
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)

    with translation.override(None, deactivate=True):  # the page's language stays on the thread
        body = client.get(address).content.decode()

    words = set(re.findall(r"[\u4e00-\u9fff]+", re.sub(r"<!--.*?-->", "", body)))
    assert 'lang="en"' in body
    assert words <= {"松阳县", "党政综合办公室主任", "简体中文"}
