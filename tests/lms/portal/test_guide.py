"""The user guide: every chapter reads, links go somewhere, and its figures are the seeded ones."""

import re

import pytest
from django.test import Client

from lms.portal.views.guide import FOLDER, chapters

pytestmark = pytest.mark.django_db
SLUGS = [chapter.slug for chapter in chapters()]
LINKED_FROM_PAGES = {"start", "study", "hours", "record", "publish", "archive", "accessibility"}


def test_chapters_that_pages_link_to_exist():
    assert {*LINKED_FROM_PAGES, "privacy"} <= set(SLUGS)


def test_every_guide_address_in_the_templates_is_a_chapter():
    templates = (FOLDER.parent / "templates").rglob("*.html")
    linked = {
        slug
        for template in templates
        for slug in re.findall(r"/guide/([\w-]+)/", template.read_text("utf-8"))
    }

    assert linked <= set(SLUGS)


def test_the_list_shows_every_chapter_with_its_summary():
    body = Client().get("/guide/").content.decode()

    for chapter in chapters():
        assert chapter.summary in body
        assert f'href="/guide/{chapter.slug}/"' in body


@pytest.mark.parametrize("slug", SLUGS)
def test_a_chapter_opens_without_signing_in_and_names_its_headings(slug):
    chapter = next(c for c in chapters() if c.slug == slug)

    answer = Client().get(f"/guide/{slug}/")

    body = answer.content.decode()
    assert answer.status_code == 200
    assert len(chapter.contents) >= 2
    for heading in chapter.contents:
        assert f'<h2 id="{heading["anchor"]}">{heading["title"]}</h2>' in body


def test_chapters_carry_no_markup_that_was_not_cleaned():
    assert not [c.slug for c in chapters() if re.search(r"<(script|style|iframe)|style=", c.body)]


def test_a_chapter_nobody_wrote_is_not_found():
    assert Client().get("/guide/nowhere/").status_code == 404


def test_chapters_lead_to_each_other():
    first, second = SLUGS[:2]

    assert (
        f'rel="next" href="/guide/{second}/"' in Client().get(f"/guide/{first}/").content.decode()
    )
