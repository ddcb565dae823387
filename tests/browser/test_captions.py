"""Captions corrected beside the video in a real browser, and seen by a learner."""

from time import monotonic

import pytest
from playwright.sync_api import Page, expect

from courses.catalogue.models import CourseUnit
from lms.common.clock import database_now
from media import services
from media.models import CaptionTrack, Video
from tests import world
from tests.browser.conftest import Site, sign_in

SRT = """1
00:00:00,500 --> 00:00:04,000
各位同志，今天讲网络。

2
00:00:06,000 --> 00:00:09,000
第一步，准入。

3
00:00:09,000 --> 00:00:13,000
第二步，分派。
"""


@pytest.fixture
def video(lively_site: Site) -> Video:
    found = CourseUnit.objects.get(package=lively_site.package, kind="video").video
    assert found is not None
    services.save_captions(
        video=found, data=SRT.encode(), language="zh-Hans", label="中文", by=None,
        at=database_now(),
    )  # fmt: skip
    return found


def position(page: Page) -> float:
    return float(page.locator("video").evaluate("video => video.currentTime"))


def until_position(page: Page, second: float) -> None:
    deadline = monotonic() + 20
    while abs(position(page) - second) > 0.3:
        assert monotonic() < deadline, f"the preview stayed at {position(page)}"
        page.wait_for_timeout(50)


CAPTIONS_SHOWN = """
video => [...video.textTracks].filter(track => track.mode === "showing" || track.mode === "hidden")
  .flatMap(track => [...(track.activeCues || [])].map(cue => cue.text))
"""


def until_caption_shown(page: Page, words: str, *, at_second: float) -> None:
    """What the learner's player has over the picture at that second."""
    page.locator("media-play-button.qp-big").click()
    switch = page.locator("media-captions-button")
    if switch.get_attribute("aria-checked") != "true":
        switch.click()
    video = page.locator("media-controller video")
    deadline = monotonic() + 20
    while words not in video.evaluate(CAPTIONS_SHOWN):
        assert monotonic() < deadline, f"{words} was not shown"
        video.evaluate(f"video => {{ video.currentTime = {at_second}; }}")
        page.wait_for_timeout(250)


def open_editor(page: Page, site: Site, video: Video) -> None:
    sign_in(page.context, world.holder("course_author"), site.address)
    page.goto(f"/manage/videos/{video.pk}/")
    page.locator("summary", has_text="中文 · 3 条").click()
    page.get_by_role("link", name="对着视频改").click()
    expect(page.locator(".qj-cue")).to_have_count(3)


def test_a_caption_is_corrected_beside_the_video_and_learners_see_it(
    page: Page, lively_site: Site, video: Video
):
    open_editor(page, lively_site, video)
    rows = page.locator(".qj-cue")
    words = rows.get_by_label("文字")

    rows.nth(1).get_by_label("文字").click()
    until_position(page, 6)
    expect(rows.nth(1)).to_have_attribute("aria-current", "true")

    words.nth(0).fill("各位同志，今天讲网格。")
    words.nth(0).press("Enter")
    expect(words.nth(1)).to_be_focused()
    words.nth(1).press("ArrowDown")
    expect(words.nth(2)).to_be_focused()
    page.get_by_role("button", name="保存字幕").click()
    expect(page.locator(".messages")).to_contain_text("字幕已保存，共 3 条")

    page.context.clear_cookies()
    sign_in(page.context, lively_site.learner, lively_site.address)
    page.goto(lively_site.learner_paths["study"])
    until_caption_shown(page, "各位同志，今天讲网格。", at_second=1)


@pytest.mark.expects_console_errors  # a refused save is logged as one
def test_rows_are_split_merged_added_deleted_undone_and_checked(
    page: Page, lively_site: Site, video: Video
):
    open_editor(page, lively_site, video)
    rows, words = page.locator(".qj-cue"), page.locator(".qj-cue textarea")
    status = page.locator("[data-cue-status]")

    def act(row: int, name: str) -> None:
        words.nth(row).focus()
        rows.nth(row).get_by_role("button", name=name).click()

    act(1, "并入下一条")
    expect(rows).to_have_count(2)
    expect(words.nth(1)).to_have_value("第一步，准入。第二步，分派。")
    act(1, "拆成两条")
    expect(words.nth(2)).to_have_value("第二步，分派。")
    expect(rows.nth(2).get_by_label("开始")).to_have_value("00:00:09.500")
    act(0, "后面加一条")
    expect(status).to_contain_text("共 4 条 · 1 处要改")
    expect(rows.nth(1)).to_contain_text("没有文字")
    act(1, "删除这条")
    page.get_by_role("button", name="撤销").click()
    expect(rows).to_have_count(4)
    words.nth(1).fill("插一句")
    rows.nth(1).get_by_label("结束").fill("8")
    rows.nth(1).get_by_label("结束").press("Enter")
    expect(rows.nth(1).get_by_label("结束")).to_have_value("00:00:08.000")
    expect(rows.nth(2)).to_contain_text("和上一条重叠")

    page.get_by_role("button", name="保存字幕").click()

    expect(page.get_by_role("alert")).to_contain_text("两条重叠了")
    expect(rows).to_have_count(4)
    expect(words.nth(1)).to_have_value("插一句")
    assert CaptionTrack.objects.get().cues[0][2] == "各位同志，今天讲网络。"
