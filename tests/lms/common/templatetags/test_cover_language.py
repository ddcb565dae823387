"""A course keeps its pattern and colour when the reader changes the language; the words change."""

import re

import pytest
from django.utils.translation import gettext, override

from lms.common import covers
from lms.common.templatetags import qj

WORDS = re.compile(r"<text.*?</text>")


@pytest.mark.parametrize("topic", covers.TOPICS)
def test_a_topics_art_is_the_same_in_english(topic):
    with override("en"):
        named = gettext(topic)
        wide, small = qj.cover(named, "key"), qj.thumb(named)

    assert named in wide
    assert topic not in wide
    assert WORDS.sub("", wide) == WORDS.sub("", covers.cover(topic, "key"))
    assert WORDS.sub("", small) == WORDS.sub("", covers.thumb(topic))
