"""A trimmed, divided recording in a real browser: set beside the video, played as it was set."""

import re

import pytest
from playwright.sync_api import Page, expect

from lms.common.clock import database_now
from lms.credits.models import LedgerEntry
from media.cutting import cut, digest_of
from media.models import Video, ViewingSession
from tests import world
from tests.browser.conftest import Site, sign_in
from tests.browser.test_accessibility import AXE
from tests.browser.test_player import PLAYS_PLAYLISTS
from tests.lms.frontend.test_player import BIG_BUTTON, SCREEN, until

OWN_VIOLATIONS = """axe.run(document.querySelector(".qj-video"), { resultTypes: ["violations"] })
  .then(({ violations }) => violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" | ")}`))"""
START, END, SECOND = 2, 12, 7
STOPPED = f"v.paused && v.currentTime >= {END} && v.currentTime < {END} + 1"


@pytest.fixture
def video(lively_site: Site) -> Video:
    return Video.objects.get(pk=lively_site.package.units.get(kind="video").video_id)


@pytest.fixture
def study(page: Page, lively_site: Site, video: Video):
    """Path of a lecture cut at both ends, in two chapters, that nobody has watched."""
    cut(
        video=video, span=(START, END), chapters=[(START, "开场"), (SECOND, "怎么准入")],
        seen=digest_of(video), by=None, at=database_now(),
    )  # fmt: skip
    ViewingSession.objects.update(watched=[], position_seconds=0)
    sign_in(page.context, lively_site.learner, lively_site.address)
    yield lively_site.learner_paths["study"]
    page.goto("about:blank")


def second(page: Page) -> float:
    return float(page.evaluate(f"{SCREEN}.currentTime"))


def test_it_begins_and_ends_with_the_lecture_and_earns_by_it(page: Page, study, lively_site):
    page.goto(study)
    page.locator(BIG_BUTTON).click()
    until(page, "v.readyState >= 3")
    assert second(page) >= START

    until(page, STOPPED)

    expect(page.locator("[data-evidence-heading]")).to_contain_text("已入账", timeout=40_000)
    entry = LedgerEntry.objects.get(person=lively_site.learner, source_kind="viewing")
    assert entry.evidence["span"] == [START, END]
    [watched] = ViewingSession.objects.get(person=lively_site.learner).watched
    assert START <= watched[0] < watched[1] <= END
    page.locator("media-control-bar media-play-button").click()
    until(page, f"!v.paused && v.currentTime >= {START} && v.currentTime < {END} - 2")


def test_chapters_are_reached_by_keyboard_and_no_key_leads_out(page: Page, study):
    page.goto(study)
    bar = page.locator("media-time-range")
    expect(bar).to_have_attribute("mediaseekable", f"{START}:{END}")
    page.get_by_role("button", name="怎么准入").press("Enter")
    until(page, f"v.currentTime >= {SECOND} && !v.paused")
    expect(page.locator("[data-chapters] [aria-current=true]")).to_contain_text("怎么准入")
    expect(page.locator("[data-chapter-said]")).to_have_text("章节：怎么准入")

    page.locator("media-controller media-play-button").last.focus()
    page.keyboard.press("[")
    until(page, f"v.currentTime >= {START} && v.currentTime < {SECOND}")
    page.keyboard.press("]")
    until(page, f"v.currentTime >= {SECOND}")
    page.keyboard.press("Home")
    until(page, f"v.currentTime >= {START} && v.currentTime < {SECOND}")
    page.evaluate(f"{SCREEN}.currentTime = 0")
    until(page, f"!v.seeking && v.currentTime >= {START}")


def test_without_mse_it_begins_and_ends_with_the_lecture_too(page: Page, study):
    page.add_init_script(PLAYS_PLAYLISTS)
    page.goto(study)
    page.locator(BIG_BUTTON).click()

    until(page, "v.readyState >= 3 && !v.paused")

    assert page.evaluate(f"{SCREEN}.src").endswith("/master.m3u8")
    assert second(page) >= START
    until(page, STOPPED)


def test_ends_and_chapters_are_set_beside_the_video(page: Page, lively_site: Site, video: Video):
    sign_in(page.context, world.holder("course_author"), lively_site.address)
    page.goto(f"/manage/videos/{video.pk}/")
    page.get_by_role("link", name="剪片头片尾，分章节").click()
    preview = page.locator("video[data-manifest]")
    expect(page.locator("[data-cut-left]")).to_have_text("播放 00:00:00–00:00:14，共 00:00:14")

    preview.evaluate("video => { video.currentTime = 2.4; }")
    page.get_by_role("button", name="设在此刻", exact=True).first.click()
    expect(page.get_by_label("从这里开始")).to_have_value("00:00:02")
    page.get_by_label("到这里结束").fill("0:13")
    preview.evaluate("video => { video.currentTime = 3; }")
    page.get_by_role("button", name="在此刻加一章").click()
    page.keyboard.type("开场")
    page.get_by_role("button", name="在此刻加一章").click()
    expect(page.locator("[data-cut-status]")).to_contain_text("1 处要改")
    page.get_by_role("button", name="撤销").click()
    expect(page.locator("[data-cut-status]")).to_have_text("共 1 章 · 有改动没保存")
    page.get_by_role("button", name="保存", exact=True).click()

    expect(page.get_by_role("alert")).to_contain_text("1 人看了一部分")
    page.get_by_role("button", name="照这样保存").click()

    expect(page.locator(".messages")).to_contain_text("视频不用重新转码")
    video.refresh_from_db()
    assert (video.span, video.chapters) == ((2, 13), [[3, "开场"]])
    page.locator(".messages").get_by_role("link", name="撤销").click()
    expect(page.get_by_label("从这里开始")).to_have_value("")
    expect(page.locator("[data-cut-status]")).to_have_text(re.compile("共 0 章"))


def test_the_preview_plays_only_what_is_kept_and_lines_are_pasted(
    page: Page, lively_site: Site, video: Video
):
    sign_in(page.context, world.holder("course_author"), lively_site.address)
    page.goto(f"/manage/videos/{video.pk}/cut/")
    page.get_by_label("从这里开始").fill("0:02")
    page.get_by_label("到这里结束").fill("0:04")
    preview = page.locator("video[data-manifest]")
    page.get_by_role("button", name="按剪好的放一遍").click()
    expect(preview).to_have_js_property("paused", True, timeout=20_000)
    assert 4 <= preview.evaluate("video => video.currentTime") < 5

    page.evaluate(AXE)
    assert page.evaluate(OWN_VIOLATIONS) == []
    page.get_by_label("到这里结束").fill("")
    page.get_by_role("button", name="在此刻加一章").click()
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.setData("text/plain", "0:02 开场\\n0:05 怎么准入\\n");
          document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }"""
    )

    expect(page.locator("[data-cut-status]")).to_have_text("共 2 章 · 有改动没保存")
    titles = page.locator(".qj-chapter [data-title]")
    assert [one.input_value() for one in titles.all()] == ["开场", "怎么准入"]
    page.keyboard.press("ArrowUp")
    expect(titles.first).to_be_focused()
