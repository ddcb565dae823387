"""The player on lines and in browsers as they are: no MSE, a stalled stream, two caption languages."""

import re

import pytest
from playwright.sync_api import Page, expect

from lms.common.clock import database_now
from media import services
from media.models import ViewingSession
from tests.lms.frontend.test_player import BIG_BUTTON, SCREEN, recorded, until

WITHOUT_MSE = """
for (const name of ["MediaSource", "ManagedMediaSource", "WebKitMediaSource"]) delete window[name];
"""
CANNOT_PLAY = WITHOUT_MSE + "HTMLMediaElement.prototype.canPlayType = () => '';"
PLAYS_PLAYLISTS = (
    WITHOUT_MSE
    + """HTMLMediaElement.prototype.canPlayType = (type) => /mpegurl/.test(type) ? "maybe" : "";"""
)


@pytest.fixture
def study(page: Page, lively_site):
    """Path of a lecture nobody has watched yet; the browser is signed in as the learner."""
    ViewingSession.objects.filter(person=lively_site.learner).update(watched=[], position_seconds=0)
    lively_site.sign_in(page.context, lively_site.learner)
    yield lively_site.learner_paths["study"]
    page.goto("about:blank")


def captioned(lively_site) -> None:
    video = lively_site.package.units.get(kind="video").video
    for language, label, lines in (
        ("zh-Hans", "中文", ["退回也要写一句理由", "怎么写？三项理由"]),
        (
            "en",
            "English",
            ["A return needs one sentence of reason", "How to write it: three points"],
        ),
    ):
        blocks = [
            f"00:{at * 6:02}.000 --> 00:{at * 6 + 5:02}.000\n{text}"
            for at, text in enumerate(lines)
        ]
        services.save_captions(
            video=video, data="\n\n".join(["WEBVTT", *blocks]).encode(), language=language,
            label=label, by=None, at=database_now(),
        )  # fmt: skip


def test_without_mse_the_element_plays_the_playlist_itself_and_counts(
    page: Page, study, lively_site
):
    page.add_init_script(PLAYS_PLAYLISTS)
    page.goto(study)
    page.locator(BIG_BUTTON).click()

    until(page, "v.currentTime >= 3.1")

    assert page.evaluate(f"{SCREEN}.src").endswith("/master.m3u8")
    assert page.evaluate(f"{SCREEN}.disableRemotePlayback")
    page.evaluate(f"{SCREEN}.pause()")
    assert recorded(page, lively_site.learner, up_to=3) == [(0, 3)]


def test_a_browser_that_can_play_neither_is_told_what_helps(page: Page, study):
    page.add_init_script(CANNOT_PLAY)
    page.goto(study)
    page.locator(BIG_BUTTON).click()

    expect(page.locator(".qp-note")).to_contain_text("换 Chrome、Edge、Firefox 或 Safari 的新版本")


def test_the_menu_says_what_an_hour_costs_and_the_choice_is_kept(page: Page, study):
    page.goto(study)
    page.locator(BIG_BUTTON).click()
    until(page, "v.currentTime > 0.5")
    page.locator("media-rendition-menu-button").click()
    expect(page.get_by_role("menuitemradio", name="360p ·")).to_contain_text("MB/小时")
    page.get_by_role("menuitemradio", name="只听声音").click()
    until(page, "v.videoWidth === 0 && v.readyState >= 3")

    page.goto(study)
    page.locator(BIG_BUTTON).click()

    until(page, "v.videoWidth === 0 && v.readyState >= 3 && !v.paused")


@pytest.mark.expects_console_errors
def test_pictures_that_do_not_come_are_explained_and_the_sound_goes_on(page: Page, study):
    page.route(re.compile(r"/(\d+p|slow)-\d+\.m4s"), lambda route: route.abort())
    page.goto(study)
    page.locator(BIG_BUTTON).click()
    note = page.locator(".qp-note")
    expect(note).to_contain_text("看过的都记着", timeout=20_000)

    note.get_by_role("button", name="改为只听声音").click()

    until(page, "v.currentTime > 1 && !v.paused")


def test_the_transcript_is_searched_and_follows_the_language_of_the_captions(
    page: Page, study, lively_site
):
    captioned(lively_site)
    page.goto(study)
    box, count = page.locator("[data-transcript]"), page.locator("[data-find-count]")
    page.locator("[data-find]").fill("理由")
    expect(count).to_have_text("第 1 处，共 2 处")
    page.keyboard.press("Enter")
    expect(count).to_have_text("第 2 处，共 2 处")
    expect(box.locator("mark")).to_have_count(2)
    expect(box.locator(".hit")).to_contain_text("三项理由")
    page.locator("[data-find]").fill("")

    page.locator("media-captions-menu-button").click()
    page.get_by_role("menuitemradio", name="English").click()

    expect(box).to_contain_text("How to write it")
    page.goto(study)
    expect(box).to_contain_text("How to write it")
