"""The player in Chromium, on a video really transcoded, delivered and counted."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest
from django.conf import settings
from django.core.files import File
from django.test import Client
from playwright.sync_api import Page, expect

from courses.catalogue.models import CourseUnit
from lms.common.clock import database_now
from lms.credits.models import LedgerEntry
from lms.people.models import Person
from media.jobs import transcode_video
from media.models import Video, ViewingSession
from media.services import receive_upload
from tests import world
from tests.media import clips

FILM_SECONDS = 14
SCREEN = "document.querySelector('media-controller video')"


@pytest.fixture
def video(transactional_db, tmp_path: Path) -> Iterator[Video]:
    """A ready video with its files where the site looks for them."""
    source = clips.film(tmp_path / "lecture.mp4", seconds=FILM_SECONDS + 0.2, rate="10")
    with source.open("rb") as film:
        received = receive_upload(
            file=File(film, name="lecture.mp4"),
            name="lecture.mp4",
            title="事项准入清单怎么用",
            owner_unit=world.county(),
            by=None,
            at=database_now(),
        )
    assert transcode_video(video_id=received.pk, worker="test")
    yield Video.objects.get(pk=received.pk)
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
def study(page: Page, unit: CourseUnit, learner, live_site: str) -> str:
    """Path of the study page; the browser is signed in as the learner."""
    client = Client()
    client.force_login(learner)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "url": live_site}]
    )
    return f"/learn/{unit.key}/"


def until(page: Page, screen_condition: str, *, seconds: float = 30) -> None:
    """Poll from here: the page's policy lets nobody evaluate strings in it, Playwright's waits included."""
    deadline = monotonic() + seconds
    while not page.evaluate(f"(v => {screen_condition})({SCREEN})"):
        assert monotonic() < deadline, f"not within {seconds} s: {screen_condition}"
        page.wait_for_timeout(50)


def recorded(page: Page, learner: Person) -> list[tuple[int, int]]:
    """What the server has, once it has anything: a closing page's last word arrives after it is gone."""
    deadline = monotonic() + 40
    while not (watched := list(ViewingSession.objects.get(person=learner).watched)):
        assert monotonic() < deadline, "nothing was recorded"
        page.wait_for_timeout(200)
    return watched


def test_watched_to_the_end_earns_the_hours_and_says_so(page, study, learner):
    page.goto(study)
    page.locator("media-play-button.qp-big").click()

    expect(page.locator("[data-evidence-heading]")).to_contain_text("已入账", timeout=40_000)

    assert LedgerEntry.objects.get(person=learner).outcome == "earned"


def test_a_closed_page_loses_no_second_and_goes_on_where_it_stopped(page, study, learner):
    page.goto(study)
    page.locator("media-play-button.qp-big").click()
    until(page, "v.currentTime >= 4.2")
    page.goto("about:blank")
    watched = recorded(page, learner)

    page.goto(study)

    assert watched in ([(0, 4)], [(0, 5)])
    expect(page.locator(".qp-note")).to_contain_text(f"从 0:0{watched[0][1]} 接着看")


def test_what_is_jumped_over_is_missing_and_its_button_goes_there(page, study, learner):
    page.goto(study)
    page.locator("media-play-button.qp-big").click()
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
    until(page, "v.readyState >= 3")
    page.route("**/beats", lambda route: route.abort())
    page.locator("media-play-button.qp-big").click()
    until(page, "v.currentTime >= 5.1")
    page.evaluate(f"{SCREEN}.pause()")
    expect(page.locator("[data-player-banners]")).to_contain_text("断网了")
    page.unroute("**/beats")

    page.reload()

    # Time from before the reload cannot be claimed, so the five seconds need some seconds to pass.
    expect(page.locator("[data-evidence-sum]")).to_contain_text("已看 0:05")
    assert recorded(page, learner) == [(0, 5)]
