"""The player by keyboard, on the lock screen, over the bar: what a table of keys promises is so."""

import re

import pytest
from playwright.sync_api import Page, expect

from media.models import ViewingSession
from tests.browser.test_player import captioned
from tests.lms.frontend.test_player import BIG_BUTTON, SCREEN, until


@pytest.fixture
def study(page: Page, lively_site):
    """A lecture nobody has watched yet, captioned; the browser is signed in as the learner."""
    ViewingSession.objects.filter(person=lively_site.learner).update(watched=[], position_seconds=0)
    captioned(lively_site)
    lively_site.sign_in(page.context, lively_site.learner)
    page.goto(lively_site.learner_paths["study"])
    yield page
    page.goto("about:blank")


def of(page: Page, what: str):
    return page.evaluate(f"(v => {what})({SCREEN})")


def test_every_key_of_the_table_does_what_it_says(study: Page):
    page, press = study, study.keyboard.press
    page.locator(BIG_BUTTON).click()
    until(page, "!v.paused && v.currentTime > 0.5")

    press("k")
    until(page, "v.paused")
    press("m")
    until(page, "v.muted")
    press("m")
    until(page, "!v.muted")
    press("ArrowDown")
    until(page, "v.volume < 0.95")
    press("ArrowUp")
    until(page, "v.volume === 1")
    press(">")
    until(page, "v.playbackRate === 1.25")
    press("<")
    until(page, "v.playbackRate === 1")
    press("5")
    until(page, "v.currentTime === 7")
    press("l")
    until(page, "v.currentTime === 13")  # a second before the end, no further
    press("j")
    until(page, "v.currentTime === 3")
    press("ArrowRight")
    until(page, "v.currentTime === 8")
    press("ArrowLeft")
    until(page, "v.currentTime === 3")
    press("Home")
    until(page, "v.currentTime === 0")
    shown = (
        "[...v.textTracks].some((track) => track.kind === 'captions' && track.mode === 'showing')"
    )
    was = of(page, shown)
    press("c")
    until(page, f"({shown}) === {str(not was).lower()}")
    press("?")
    expect(page.get_by_role("dialog", name="播放器的快捷键")).to_be_visible()
    press("?")
    expect(page.get_by_role("dialog", name="播放器的快捷键")).to_be_hidden()
    press("f")
    until(page, "Boolean(document.fullscreenElement)")
    press("f")
    until(page, "!document.fullscreenElement")
    press(" ")
    until(page, "!v.paused")


def test_letters_typed_elsewhere_steer_nothing(study: Page):
    page = study
    page.locator("#note-text").focus()
    page.keyboard.type("mkf5?")
    assert (of(page, "v.muted"), of(page, "v.paused"), of(page, "v.currentTime")) == (
        False,
        True,
        0,
    )
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("m")

    assert of(page, "v.muted") is False


def test_the_keys_go_on_after_the_large_button_is_pressed_by_keyboard(study: Page):
    page = study
    page.locator(BIG_BUTTON).focus()
    page.keyboard.press("Enter")
    until(page, "!v.paused && v.currentTime > 0.2")
    page.keyboard.press("m")

    until(page, "v.muted")


def test_a_click_on_the_picture_brings_the_keys(study: Page):
    page = study
    page.locator("[data-player] video").click(position={"x": 20, "y": 20})
    until(page, "!v.paused")
    page.keyboard.press("k")

    until(page, "v.paused")


def test_every_control_has_a_name_and_is_reached_by_tab(study: Page):
    page = study
    page.locator("[data-player]").hover()
    names = []
    page.locator(BIG_BUTTON).focus()
    for _turn in range(12):
        names.append(page.evaluate(
            "(e => e.getAttribute('aria-label') ?? e.shadowRoot?.activeElement?.getAttribute('aria-label') ?? '')"
            "(document.activeElement)"
        ))  # fmt: skip
        page.keyboard.press("Tab")
    joined = " ".join(names)
    for name in ("播放", "静音", "播放速度：1x", "全屏"):
        assert name in joined, joined


def test_the_bar_shows_a_picture_of_where_it_points(study: Page):
    page = study
    page.locator(BIG_BUTTON).click()
    until(page, "v.currentTime > 0.2")
    bar = page.locator("media-time-range")
    box = bar.bounding_box()
    assert box is not None
    bar.hover(position={"x": box["width"] * 0.6, "y": box["height"] / 2})

    expect(bar).to_have_attribute(
        "mediapreviewimage", re.compile(r"/sprite-\d+\.jpg#xywh=\d+,\d+,\d+,\d+$")
    )


def test_the_lock_screen_tells_title_lecturer_and_course(study: Page, lively_site):
    page = study
    package = lively_site.package
    told = page.evaluate(
        "(m => [m.title, m.artist, m.album, m.artwork.length])(navigator.mediaSession.metadata)"
    )

    title = package.units.get(kind="video").title
    assert told == [title, package.lecturer_name, package.title, 1]


def test_the_picture_floats_over_other_windows_where_the_browser_can(study: Page):
    page = study
    page.locator(BIG_BUTTON).click()
    until(page, "v.currentTime > 0.2")
    assert of(page, "document.pictureInPictureEnabled && !v.disablePictureInPicture") is True

    page.keyboard.press("p")
    until(page, "document.pictureInPictureElement === v")
    page.keyboard.press("p")
    until(page, "!document.pictureInPictureElement")


def test_a_television_in_the_room_is_not_offered(study: Page):
    assert of(study, "v.disableRemotePlayback") is True
    expect(study.locator("media-cast-button, media-airplay-button")).to_have_count(0)
