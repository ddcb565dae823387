"""What every template must keep: the security policy, both languages, icons that exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "lms" / "templates").rglob("*.html"))
NAMES = [str(path.relative_to(ROOT)) for path in TEMPLATES]
HAN = re.compile(r"[\u4e00-\u9fff]+")
COMMENT = re.compile(r"{% comment %}.*?{% endcomment %}|{#.*?#}|<!--.*?-->", re.DOTALL)
TRANSLATED = re.compile(
    r"{%-?\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}"
    r"|{%\s*trans(?:late)?\s.*?%}"
    r'|_\("[^"]*"\)',
    re.DOTALL,
)
# Django renders it without a context, so it cannot know the reader's language; it says both.
WITHOUT_CONTEXT = {"lms/templates/500.html"}

every_template = pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)


def markup(path: Path) -> str:
    return COMMENT.sub("", path.read_text())


@every_template
def test_no_template_carries_inline_style_or_script(path):
    text = markup(path)
    assert not re.findall(r"\sstyle\s*=", text)
    assert not re.findall(r"<[a-z][^>]*\son[a-z]+\s*=", text)
    assert "<style" not in text
    assert not re.findall(r"<script(?![^>]*\b(?:src=|type=\"application/json\"))", text)


@every_template
def test_no_template_fetches_from_elsewhere(path):
    assert not re.findall(r"(?:src|href|action)=[\"'](?:https?:)?//", markup(path))


@every_template
def test_every_word_on_a_page_can_be_translated(path):
    if str(path.relative_to(ROOT)) in WITHOUT_CONTEXT:
        return
    assert HAN.findall(TRANSLATED.sub("", markup(path))) == []


@every_template
def test_every_icon_is_in_the_sprite(path):
    sprite = set(re.findall(r'id="i-([\w-]+)"', (ROOT / "lms/static/icons.svg").read_text()))
    text = markup(path)
    used = set(re.findall(r'{% icon "([\w-]+)"', text)) | set(
        re.findall(r'{% chip "\w+" "([\w-]+)"', text)
    )
    assert used <= sprite


@every_template
def test_every_button_says_what_it_is(path):
    on_page = re.sub(r"<template\b.*?</template>", "", markup(path), flags=re.DOTALL)
    for attributes, words in re.findall(r"<button([^>]*)>(.*?)</button>", on_page, re.DOTALL):
        said = re.sub(r"{% icon [^%]*%}|<[^>]*>", "", words).strip()
        assert said or "aria-label" in attributes


def test_there_are_templates_to_look_at():
    assert len(TEMPLATES) > 20
