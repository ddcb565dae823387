"""The admin's pages of videos and livestreams: no rule axe knows is broken, nothing runs over a phone's edge."""

from uuid import uuid4

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from lms.common.clock import database_now
from lms.portal.services import install_site
from media import services
from media.live import questions
from media.models import Video
from tests import world
from tests.browser.conftest import sign_in
from tests.browser.test_accessibility import violations

SRT = "1\n00:00:01,000 --> 00:00:04,000\n先分清该我管的\n"
WIDE = "document.documentElement.scrollWidth"


@pytest.fixture
def staff(page: Page, lively_site) -> Page:
    install_site(hostname="localhost", port=80, site_name="强基", headline="学时有据", intro="")
    sign_in(page.context, world.holder("publisher"), lively_site.address)
    return page


def video_pages(video: Video) -> dict[str, str]:
    of = {
        name: reverse(f"videos:{name}", args=[video.pk])
        for name in ("detail", "cut", "replace", "delete")
    }
    captions = reverse("videos:captions", args=[video.pk, "zh-Hans"])
    everything = {"library": reverse("videos:listing"), "storage": reverse("videos:storage")}
    return (
        everything
        | {"nothing": reverse("videos:listing") + "?q=没有"}
        | of
        | {"captions": captions}
    )


def broken(page: Page, paths: dict[str, str]) -> list[str]:
    found = []
    for name, path in paths.items():
        answer = page.goto(path)
        assert answer is not None
        assert (name, answer.status) == (name, 200)
        found += violations(page, name)
        page.set_viewport_size({"width": 360, "height": 800})
        if page.evaluate(WIDE) > 360:
            found.append(f"{name} is {page.evaluate(WIDE)} wide")
    # The brand in the sidebar is Wagtail's own link.
    return [one for one in found if "sidebar-custom-branding" not in one]


def test_no_page_about_videos_breaks_a_rule_of_accessibility(staff: Page, lively_site):
    video = lively_site.package.units.get(kind="video").video
    services.save_captions(
        video=video, data=SRT.encode(), language="zh-Hans", label="中文", by=None, at=database_now()
    )

    found = broken(staff, video_pages(video))

    assert found == [], "\n".join(found)


def test_no_page_about_livestreams_breaks_a_rule_of_accessibility(staff: Page, lively_site):
    livestream, at = world.lecture("冬季防火").livestream, database_now()
    for text in ("水枪冻住了怎么办？", "没有专人的村，清单谁来填？", "长" * 300):
        asked = questions.ask(
            livestream=livestream, text=text, client_key=uuid4(), by=world.learner(), at=at
        )
    questions.answer(question=asked, text="先放水再入库。", by=world.holder("publisher"), at=at)
    of = {
        name: reverse(f"livestreams:{name}", args=[livestream.pk])
        for name in ("detail", "questions")
    }
    paths = {"listing": reverse("livestreams:listing"), "new": reverse("livestreams:add")}

    found = broken(staff, paths | of)

    assert found == [], "\n".join(found)
