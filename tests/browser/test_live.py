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

CUT_SECONDS = 20
SCREEN = "document.querySelector('media-controller video')"


@pytest.fixture
def lecture(live_site) -> Iterator[tuple[Livestream, CourseUnit]]:
    """A livestream that is a unit of a published package."""
    world.policy()
    at = database_now()
    livestream = services.announce(
        title="秋季学期第一讲", lecturer="徐建平", owner_unit=world.county(), starts_at=at,
        ends_at=at + timedelta(hours=2), roll_call_minutes=30, by=None, at=at,
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
    answer_roll_call(page, early)

    encoder[0].kill()
    cut = monotonic()
    expect(page.locator("[data-live-words]")).to_have_text("信号中断", timeout=30_000)
    expect(page.get_by_text("恢复后自己接上")).to_be_visible()
    page.wait_for_timeout(max(0.0, CUT_SECONDS - (monotonic() - cut)) * 1000)
    encoder.append(encoding.send(address))
    expect(page.locator("[data-live-words]")).to_have_text("直播中", timeout=30_000)
    latecomer = opened_by(browser, live_site, late, learners)
    latecomer.goto(f"/learn/{unit.key}/")
    latecomer.locator("media-controller video").evaluate("v => { v.muted = true; v.play(); }")
    before = seconds_watched(early)
    until(page, lambda: seconds_watched(early) >= before + 6)
    until(latecomer, lambda: seconds_watched(late) >= 4)

    services.close(livestream=livestream, by=None, at=database_now())
    ended = monotonic()
    expect(page.locator("[data-live-words]")).to_have_count(0, timeout=30_000)
    until(page, lambda: length_of(livestream) > 0)
    assert monotonic() - ended < 60
    length = length_of(livestream)

    finish(latecomer, late, length)
    finish(page, early, length)
    until(page, lambda: settled(early) and settled(late), seconds=60)

    entries = {e.person_id: e for e in LedgerEntry.objects.filter(source_kind="viewing")}
    assert set(entries) == {early.pk, late.pk}
    assert LedgerEntry.objects.filter(person=early).count() == 1
    assert entries[early.pk].evidence["duration_seconds"] == length
    assert watched_by(absent) == []
    for learner_page in (page, latecomer):
        shows_both_ways(learner_page)
    joined.goto("/record/")
    expect(joined.get_by_text("秋季学期第一讲")).to_have_count(0)


def answer_roll_call(page: Page, person) -> None:
    """By keyboard alone: the button takes the focus from nobody who types, and Enter answers."""
    viewing = ViewingSession.objects.filter(person=person)
    viewing.update(present_until=database_now() + timedelta(seconds=60))
    question = page.get_by_role("alertdialog", name="点名：你在听课吗？")
    expect(question).to_be_visible(timeout=15_000)
    expect(question.get_by_role("button", name="我在听课")).to_be_focused()
    page.keyboard.press("Enter")
    expect(question).to_be_hidden()
    assert viewing.get().present_until > database_now() + timedelta(minutes=10)


def shows_both_ways(page: Page) -> None:
    """The record draws what was watched live and what in the replay, and says it in words."""
    page.goto("/record/")
    page.locator("details.entry summary").first.click()
    entry = page.locator("details.entry").first
    expect(entry.locator(".seg-live").first).to_be_visible()
    expect(entry.get_by_text("直播时看了")).to_be_visible()
    expect(entry.get_by_text("回放里看了")).to_be_visible()


def finish(page: Page, person, length: int) -> None:
    """Go to what is missing by the buttons of the bar, which offer nothing once it is enough."""
    page.goto(page.url)
    page.locator("media-controller video").evaluate("v => { v.muted = true; }")
    for start, end in gaps(person, length):
        button = page.locator(f'[data-gap][data-to="{end}"]')
        if button.count():
            button.click()
            until(page, lambda end=end: reached(person, end), seconds=end - start + 40)


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
