"""A lecture in a real browser: watched live, its encoder cut, finished in the replay, counted once."""

import shutil
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from time import monotonic

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, expect

from courses.catalogue.models import CourseUnit
from courses.learning.tasks import settle_due_viewings
from lms.common.clock import database_now
from lms.credits.models import LedgerEntry
from media.live import services
from media.models import Livestream, ViewingSession
from tests import world
from tests.browser.conftest import sign_in
from tests.chromium import TIMEOUT_MS
from tests.media import encoding

SCREEN = "document.querySelector('media-controller video')"


@pytest.fixture
def lecture(live_site) -> Iterator[tuple[Livestream, CourseUnit]]:
    """A livestream that is a unit of a published package."""
    world.policy()
    at = database_now()
    livestream = services.announce(
        title="秋季学期第一讲", lecturer="徐建平", owner_unit=world.county(), starts_at=at,
        ends_at=at + timedelta(hours=2), by=None, at=at,
    )  # fmt: skip
    package = world.package(title="秋季学期专题讲座")
    unit = package.units.get(kind="video")
    unit.video, unit.title = livestream.video, "秋季学期第一讲"
    unit.save()
    package.refresh_from_db()
    package.save_revision().publish()
    yield livestream, CourseUnit.objects.get(key=unit.key)
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)


@pytest.fixture
def encoder(ingest) -> Iterator[list[subprocess.Popen[bytes]]]:
    running: list[subprocess.Popen[bytes]] = []
    yield running
    for process in running:
        process.kill()
        process.wait()


@pytest.fixture
def learners(browser: Browser, live_site: str) -> Iterator[list[tuple[BrowserContext, Page]]]:
    opened = []
    yield opened
    for context, _page in opened:
        context.close()


def opened_by(browser: Browser, address: str, person, learners) -> Page:
    context = browser.new_context(
        base_url=address, locale="zh-CN", timezone_id="Asia/Shanghai",
        viewport={"width": 1280, "height": 800}, reduced_motion="reduce",
    )  # fmt: skip
    context.set_default_timeout(TIMEOUT_MS)
    sign_in(context, person, address)
    learners.append((context, context.new_page()))
    return learners[-1][1]


def watched_by(person) -> list[tuple[int, int]]:
    viewing = ViewingSession.objects.filter(person=person).first()
    return list(viewing.watched) if viewing else []


def seconds_watched(person) -> int:
    return sum(end - start for start, end in watched_by(person))


def until(page: Page, condition, *, seconds: float = 40) -> None:
    deadline = monotonic() + seconds
    while not condition():
        assert monotonic() < deadline
        page.wait_for_timeout(200)


def plays(page: Page, beyond: float):
    return lambda: page.evaluate(f"(v => !!v && v.currentTime > {beyond})({SCREEN})")


def test_a_lecture_watched_live_and_finished_in_the_replay_counts_once(
    browser, live_site, lecture, ingest, encoder, learners
):
    livestream, unit = lecture
    early, late, absent = (world.learner(name) for name in ("吴晓芸", "毛永红", "包建军"))
    key = services.issue_key(livestream=livestream, by=None, at=database_now())
    address = f"{ingest}{livestream.name}?key={key}"

    page = opened_by(browser, live_site, early, learners)
    page.goto(f"/learn/{unit.key}/")
    expect(page.get_by_text("还没开讲。到时间这里会自己开始，不用刷新。")).to_be_visible()
    joined = opened_by(browser, live_site, absent, learners)
    joined.goto(f"/learn/{unit.key}/")

    encoder.append(encoding.send(address))
    expect(page.locator("[data-live-words]")).to_have_text("直播中", timeout=30_000)
    expect(page.locator("[data-player]")).to_be_visible()
    page.locator("media-controller video").evaluate("v => { v.muted = true; v.play(); }")
    until(page, lambda: seconds_watched(early) >= 6)

    encoder[0].kill()
    expect(page.locator("[data-live-words]")).to_have_text("信号中断", timeout=30_000)
    expect(page.get_by_text("恢复后自己接上")).to_be_visible()
    encoder.append(encoding.send(address))
    expect(page.locator("[data-live-words]")).to_have_text("直播中", timeout=30_000)
    before = seconds_watched(early)
    until(page, lambda: seconds_watched(early) >= before + 6)

    services.close(livestream=livestream, by=None, at=database_now())
    ended = monotonic()
    expect(page.locator("[data-live-words]")).to_have_count(0, timeout=30_000)
    until(page, lambda: length_of(livestream) > 0)
    assert monotonic() - ended < 60
    length = length_of(livestream)

    replay = opened_by(browser, live_site, late, learners)
    replay.goto(f"/learn/{unit.key}/")
    replay.locator("media-controller video").evaluate("v => { v.muted = true; v.play(); }")
    until(replay, lambda: seconds_watched(late) >= length - 1, seconds=length + 40)
    finish(page, early, length)
    until(page, lambda: settled(early) and settled(late), seconds=60)

    entries = {e.person_id: e for e in LedgerEntry.objects.filter(source_kind="viewing")}
    assert set(entries) == {early.pk, late.pk}
    assert LedgerEntry.objects.filter(person=early).count() == 1
    assert entries[early.pk].evidence["duration_seconds"] == length
    assert watched_by(absent) == []


def finish(page: Page, person, length: int) -> None:
    """Go to what is missing, as the buttons of the bar do, until the whole lecture was watched."""
    page.goto(page.url)
    screen = page.locator("media-controller video")
    screen.evaluate("v => { v.muted = true; v.play(); }")
    for start, end in gaps(person, length):
        screen.evaluate("(v, s) => { v.currentTime = s; v.play(); }", start)
        until(page, lambda end=end: reached(person, end), seconds=40)


def gaps(person, length: int) -> list[tuple[int, int]]:
    missing, at = [], 0
    for start, end in [*watched_by(person), (length, length)]:
        if at < start:
            missing.append((at, start))
        at = end
    return missing


def reached(person, end: int) -> bool:
    return any(start < end <= stop for start, stop in watched_by(person))


def length_of(livestream: Livestream) -> int:
    return Livestream.objects.select_related("video").get(pk=livestream.pk).video.duration_seconds


def settled(person) -> bool:
    settle_due_viewings()
    return LedgerEntry.objects.filter(person=person, source_kind="viewing").exists()
