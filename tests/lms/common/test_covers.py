from xml.etree import ElementTree

import pytest

from lms.common import covers


@pytest.mark.parametrize("topic", [*covers.TOPICS, "没画过的主题", "<script>", ""])
def test_every_cover_is_well_formed_and_carries_no_style(topic):
    for drawn in (covers.cover(topic, "key"), covers.thumb(topic)):
        ElementTree.fromstring(drawn)
        assert "style=" not in drawn
        assert "<script" not in drawn


def test_the_same_course_looks_the_same_everywhere():
    assert covers.cover("基层治理", "3f2a") == covers.cover("基层治理", "3f2a")


@pytest.mark.parametrize("topic", covers.TOPICS)
def test_courses_of_one_topic_differ(topic):
    drawn = {covers.cover(topic, f"course-{number}") for number in range(40)}
    assert len(drawn) >= 3


@pytest.mark.parametrize("topic", covers.TOPICS)
def test_a_cover_has_one_cinnabar_mark(topic):
    assert covers.cover(topic, 1).count('class="pt"') == 1


def test_a_cover_is_small():
    assert max(len(covers.cover(topic, n)) for topic in covers.TOPICS for n in range(12)) < 6_000
