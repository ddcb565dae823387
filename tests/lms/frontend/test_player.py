"""The player in Chromium, on a video really transcoded, delivered and counted."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from courses.catalogue.models import CourseUnit
from lms.credits.models import LedgerEntry
from lms.people.models import Person
from media.models import Video, ViewingSession
from tests import films, world

FILM_SECONDS = 14
BIG_BUTTON = "media-play-button.qp-big"
SCREEN = "document.querySelector('media-controller video')"


@pytest.fixture
def video(transactional_db, tmp_path: Path) -> Iterator[Video]:
    """A ready video with its files where the site looks for them."""
    yield films.ready_video(tmp_path, seconds=FILM_SECONDS)
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)


@pytest.fixture
def learner(transactional_db):
    world.policy()
    return world.learner()


@pytest.fixture
def unit(video: Video, learner) -> CourseUnit:
    unit = world.package().units.get(kind="video")
    CourseUnit.objects.filter(pk=unit.pk).update(video=video)
    return unit


@pytest.fixture
def study(page: Page, unit: CourseUnit, learner, live_site: str) -> Iterator[str]:
    """Path of the study page; the browser is signed in as the learner."""
    client = Client()
    client.force_login(learner)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "url": live_site}]
    )
    yield f"/learn/{unit.key}/"
    page.goto("about:blank")  # or the player asks on while the files behind it are cleared away


def until(page: Page, screen_condition: str, *, seconds: float = 30) -> None:
    """Poll from here: the page's policy lets nobody evaluate strings in it, Playwright's waits included."""
    deadline = monotonic() + seconds
    while not page.evaluate(f"(v => {screen_condition})({SCREEN})"):
        assert monotonic() < deadline, f"not within {seconds} s: {screen_condition}"
        page.wait_for_timeout(50)


def is_of_the_stream(path: str) -> bool:
    return "/dist/loader-" in path or path.endswith((".m3u8", ".m4s", ".mp4"))


def recorded(page: Page, learner: Person, *, up_to: int = 1) -> list[tuple[int, int]]:
    """What the server has, once it reaches that second: a closing page's last word arrives after it is gone."""
    deadline = monotonic() + 40
    while True:
        watched = list(ViewingSession.objects.get(person=learner).watched)
        if watched and watched[-1][1] >= up_to:
            return watched
        assert monotonic() < deadline, f"only {watched} was recorded"
        page.wait_for_timeout(200)


def test_watched_to_the_end_earns_the_hours_and_says_so(page, study, learner):
    page.goto(study)
    page.locator(BIG_BUTTON).click()

    expect(page.locator("[data-evidence-heading]")).to_contain_text("已入账", timeout=40_000)

    assert LedgerEntry.objects.get(person=learner).outcome == "earned"


def test_a_closed_page_loses_no_second_and_goes_on_where_it_stopped(page, study, learner):
    page.goto(study)
    page.locator(BIG_BUTTON).click()
    until(page, "v.currentTime >= 4.2")
    page.goto("about:blank")
    watched = recorded(page, learner)

    page.goto(study)

    assert watched in ([(0, 4)], [(0, 5)])
    expect(page.locator(".qp-note")).to_contain_text(f"从 0:0{watched[0][1]} 接着看")
    page.locator(BIG_BUTTON).click()
    until(page, "!v.paused && v.readyState >= 3 && !v.seeking")
    assert page.evaluate(f"{SCREEN}.currentTime") >= watched[0][1] - 0.1


def test_nothing_of_the_stream_is_fetched_until_someone_plays(page, study):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    page.goto(study)
    expect(page.locator(BIG_BUTTON)).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert [path for path in asked if is_of_the_stream(path)] == []

    page.locator(BIG_BUTTON).click()

    until(page, "v.currentTime > 1")
    assert any(is_of_the_stream(path) for path in asked)


def test_an_arrow_key_moves_a_video_that_was_never_played(page, study):
    page.goto(study)
    expect(page.locator(BIG_BUTTON)).to_be_visible()

    page.keyboard.press("ArrowRight")

    until(page, "v.readyState >= 2 && Math.abs(v.currentTime - 5) < 0.5 && v.paused")


def test_the_bar_moves_a_video_that_was_never_played(page, study):
    page.goto(study)
    expect(page.locator(BIG_BUTTON)).to_be_visible()

    page.locator("media-time-range").click()

    until(page, f"v.readyState >= 2 && Math.abs(v.currentTime - {FILM_SECONDS / 2}) < 1")


def test_a_speed_chosen_before_playing_is_the_speed_played(page, study):
    page.goto(study)
    page.locator("media-playback-rate-menu-button").click()
    page.get_by_role("menuitemradio", name="1.5").click()

    page.locator(BIG_BUTTON).click()

    until(page, "v.currentTime > 1 && v.playbackRate === 1.5")


@pytest.mark.expects_console_errors
def test_when_the_loader_does_not_come_the_button_brings_it(page, study):
    page.route("**/dist/loader-*.js", lambda route: route.abort())
    page.goto(study)
    page.locator(BIG_BUTTON).click()
    again = page.get_by_role("button", name="重新加载视频")
    expect(again).to_be_visible()
    page.unroute("**/dist/loader-*.js")

    again.click()

    expect(page.locator(".qp-note")).to_have_count(0)
    page.locator(BIG_BUTTON).click()
    until(page, "v.currentTime > 1")


def test_the_sound_alone_goes_on_at_the_same_second_and_counts(page, study, learner):
    page.goto(study)
    page.locator(BIG_BUTTON).click()
    until(page, "v.currentTime >= 2.1")
    page.locator("media-rendition-menu-button").click()
    page.get_by_role("menuitemradio", name="只听声音").click()
    until(page, "v.videoWidth === 0 && v.currentTime >= 4.1")
    page.evaluate(f"{SCREEN}.pause()")

    assert recorded(page, learner, up_to=4) == [(0, 4)]


def test_what_is_jumped_over_is_missing_and_its_button_goes_there(page, study, learner):
    page.goto(study)
    page.locator(BIG_BUTTON).click()
    until(page, "v.currentTime >= 2.1")
    page.evaluate(f"{SCREEN}.currentTime = 9")
    until(page, "v.currentTime >= 11.1")
    page.evaluate(f"{SCREEN}.pause()")
    gap = page.locator("[data-gap]").first
    expect(gap).to_contain_text("还差 0:02–0:09")

    gap.click()

    until(page, "v.currentTime < 4 && !v.paused")


@pytest.mark.expects_console_errors
def test_watched_offline_is_kept_on_the_device_and_recorded_later(page, study, learner):
    page.goto(study)
    page.route("**/beats", lambda route: route.abort())
    page.locator(BIG_BUTTON).click()
    until(page, "v.currentTime >= 5.1")
    page.evaluate(f"{SCREEN}.pause()")
    expect(page.locator("[data-player-banners]")).to_contain_text("断网了")
    page.unroute("**/beats")

    page.reload()

    # Time from before the reload cannot be claimed, so the five seconds need some seconds to pass.
    expect(page.locator("[data-evidence-sum]")).to_contain_text("已看 0:05")
    assert recorded(page, learner) == [(0, 5)]
