"""The player on lines and in browsers as they are: no MSE, a stalled stream, two caption languages."""

import re

import pytest
from playwright.sync_api import Page, expect

from config.demo.lectures import narrate
from lms.common.clock import database_now
from media import services
from media.models import Rendition, ViewingSession
from tests import films
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


@pytest.fixture
def slides(study, lively_site, tmp_path) -> float:
    """The lecture on that page has two slides; the second the later one is put up."""
    video = films.ready_lecture(tmp_path)
    lively_site.package.units.filter(kind="video").update(video=video)
    ViewingSession.objects.all().delete()
    return narrate(films.SLIDES).turns[0]


def choose(page: Page, name: str) -> None:
    page.locator("media-rendition-menu-button").click()
    page.get_by_role("menuitemradio", name=name).click()


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


def test_beside_the_sound_each_slide_is_shown_in_its_time_fetched_once_and_counts(
    page: Page, study, slides, lively_site
):
    fetched: list[str] = []
    later = int(slides) + 1
    page.on("request", lambda request: fetched.extend(re.findall(r"slide-\d+", request.url)))
    page.goto(study)
    slide, said = page.locator(".qp-slide img"), page.locator(".qp-slides [role=status]")
    choose(page, "声音 + 幻灯片")
    expect(slide).to_have_attribute("alt", "第 1 页幻灯片，从 0:00 起")
    page.locator(BIG_BUTTON).click()
    until(page, "v.videoWidth === 0 && v.currentTime >= 2.1")
    expect(page.locator("[data-cost]")).to_contain_text("MB/小时 · 声音 + 幻灯片")
    expect(said).to_have_text("第 1 页幻灯片，从 0:00 起")

    page.evaluate(f"{SCREEN}.currentTime = {later}")

    expect(slide).to_have_attribute("alt", re.compile("第 2 页幻灯片"), timeout=1000)
    until(page, f"v.currentTime >= {later + 2.1}")
    page.evaluate(f"{SCREEN}.currentTime = 1")
    expect(slide).to_have_attribute("alt", re.compile("第 1 页幻灯片"), timeout=1000)
    page.evaluate(f"{SCREEN}.pause()")
    assert sorted(fetched) == ["slide-0001", "slide-0002"]
    first, second = recorded(page, lively_site.learner, up_to=later + 2)
    assert (first[0], second) == (0, (later, later + 2))


def test_slides_are_kept_for_the_next_lecture_and_fetched_only_when_it_plays(
    page: Page, study, slides
):
    page.goto(study)
    choose(page, "声音 + 幻灯片")
    page.goto("about:blank")  # what the choice itself fetched is over now
    fetched: list[str] = []
    page.on("request", lambda request: fetched.extend(re.findall(r"slide[s-][^/]*$", request.url)))

    page.goto(study)
    page.wait_for_load_state("networkidle")
    assert fetched == []
    page.locator(BIG_BUTTON).click()

    expect(page.locator(".qp-slide img")).to_be_visible()
    until(page, "v.videoWidth === 0 && v.currentTime > 0.5 && !v.paused")


@pytest.mark.expects_console_errors
def test_a_slide_that_does_not_come_is_explained_and_the_sound_goes_on(page: Page, study, slides):
    page.route(re.compile(r"/slide-0002\.webp"), lambda route: route.abort())
    page.goto(study)
    choose(page, "声音 + 幻灯片")
    page.locator(BIG_BUTTON).click()
    until(page, "v.currentTime > 0.5")
    page.evaluate(f"{SCREEN}.currentTime = {slides + 0.6}")
    note = page.locator(".qp-note")
    expect(note).to_contain_text("第 2 页幻灯片没能加载，声音接着放")
    until(page, f"v.currentTime > {slides + 1.5} && !v.paused")
    page.unroute(re.compile(r"/slide-0002\.webp"))

    note.get_by_role("button", name="重新加载幻灯片").click()

    expect(page.locator(".qp-slide img")).to_have_attribute("alt", re.compile("第 2 页"))
    expect(note).to_have_count(0)


def test_without_mse_slides_stand_beside_the_sound_too(page: Page, study, slides):
    page.add_init_script(PLAYS_PLAYLISTS)
    page.goto(study)
    choose(page, "声音 + 幻灯片")
    page.locator(BIG_BUTTON).click()

    until(page, "v.currentTime > 1 && !v.paused")

    assert page.evaluate(f"{SCREEN}.src").endswith("/audio.m3u8")
    expect(page.locator(".qp-slide img")).to_be_visible()


def test_a_lecture_without_slides_does_not_offer_them(page: Page, study):
    Rendition.objects.filter(name=Rendition.SLIDES).delete()
    page.goto(study)
    page.locator("media-rendition-menu-button").click()

    expect(page.get_by_role("menuitemradio", name="只听声音")).to_be_visible()
    expect(page.get_by_role("menuitemradio", name="幻灯片")).to_have_count(0)


def test_the_line_under_the_player_says_what_an_hour_costs_and_follows(page: Page, study):
    page.goto(study)
    cost = page.locator("[data-cost]")
    expect(cost).to_contain_text(re.compile(r"从「省流量」放起，约 \d+ MB/小时"))
    page.locator(BIG_BUTTON).click()
    expect(cost).to_contain_text(re.compile(r"现在约 \d+ MB/小时 · "))

    choose(page, "只听声音")

    expect(cost).to_contain_text(re.compile(r"现在约 \d+ MB/小时 · 只听声音"))


def test_a_link_to_a_second_opens_there_and_counts_nothing_until_played(
    page: Page, study, lively_site
):
    page.goto(study + "?t=6")
    note = page.locator(".qp-note")
    expect(note).to_contain_text("已到 0:06，点播放从这里看")
    until(page, "v.paused && v.currentTime === 6")
    assert not ViewingSession.objects.get(person=lively_site.learner).watched

    page.locator(BIG_BUTTON).click()

    until(page, "v.currentTime >= 8.1")
    page.evaluate(f"{SCREEN}.pause()")
    assert recorded(page, lively_site.learner, up_to=8) == [(6, 8)]
    assert "t=" not in page.url


def test_a_link_to_no_second_of_the_lecture_opens_it_as_ever(page: Page, study, lively_site):
    ViewingSession.objects.filter(person=lively_site.learner).update(position_seconds=5)
    page.goto(study + "?t=999#t=3")

    expect(page.locator(".qp-note")).to_contain_text("从 0:05 接着看")
