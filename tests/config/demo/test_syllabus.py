import re
from collections import Counter

import pytest

from config.demo import lectures, syllabus
from courses.catalogue.models import READING_FEATURES, CoursePackagePage

EDITOR_TAGS = {"h3", "h4", "b", "p", "ul", "ol", "li", "blockquote", "br"}


def test_every_package_and_unit_has_a_key_of_its_own():
    packages = syllabus.packages()
    keys = Counter([p.key for p in packages] + [u.key for p in packages for u in p.units])

    assert len(packages) == 6
    assert keys.most_common(1)[0][1] == 1


def test_every_package_has_lectures_and_a_reading_of_substance():
    for package in syllabus.packages():
        lessons = [unit for unit in package.units if unit.lecture]
        readings = [unit for unit in package.units if unit.body]

        assert 2 <= len(lessons) <= 4, package.slug
        assert readings, package.slug
        for reading in readings:
            assert len(re.sub(r"<[^>]+>", "", reading.body)) > 600, reading.title


def test_package_facts_fit_the_page():
    for package in syllabus.packages():
        CoursePackagePage(
            **{name: value for name, value in package.facts.items() if name != "owner_unit"}
        ).clean_fields(exclude=["path", "depth", "slug", "owner_unit", "content_type", "locale"])


def test_readings_hold_only_what_the_editor_keeps():
    tags = {
        tag
        for package in syllabus.packages()
        for unit in package.units
        for tag in re.findall(r"</?([a-z0-9]+)", unit.body)
    }

    assert tags <= EDITOR_TAGS
    assert {"h3", "h4", "ul", "ol", "blockquote"} <= set(READING_FEATURES)


def test_table_row_becomes_a_list_item_that_names_its_columns():
    table = "| 环节 | 谁办 | 时限 |\n|---|---|---|\n| 收到 | 网格员 | 当日 |"

    assert syllabus.rich_text(table) == "<ul><li><b>收到</b>。谁办：网格员；时限：当日</li></ul>"


def test_reading_text_is_escaped():
    assert syllabus.rich_text("一 < 二 **三**") == "<p>一 &lt; 二 <b>三</b></p>"


@pytest.mark.parametrize(
    "script",
    [unit.lecture for package in syllabus.packages() for unit in package.units if unit.lecture],
    ids=lambda script: script.key,
)
def test_every_slide_fits_on_one_page(script):
    assert len(lectures.draw_slides(script)) == len(script.slides)
