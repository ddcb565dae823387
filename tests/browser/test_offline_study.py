"""A lecture taken along: downloaded, played with the network really cut, brought back once."""

from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from lms.common.clock import database_now
from lms.journal.models import JournalEntry
from media.models import OfflinePack, ViewerClock, ViewingSession
from tests.browser.test_accessibility import violations
from tests.lms.frontend.test_player import BIG_BUTTON, SCREEN, until

CACHED = """caches.keys().then((names) => Promise.all(names.map((name) =>
  caches.open(name).then((cache) => cache.keys()).then((all) => all.map(({ url }) => new URL(url).pathname)))))
  .then((lists) => lists.flat())"""


@pytest.fixture
def study(page: Page, lively_site):
    """Path of a lecture nobody has watched yet; the browser is signed in as the learner."""
    ViewingSession.objects.filter(person=lively_site.learner).update(watched=[], position_seconds=0)
    lively_site.sign_in(page.context, lively_site.learner)
    yield lively_site.learner_paths["study"]
    page.context.set_offline(False)
    for each in page.context.pages:
        each.goto("about:blank")


def take_along(page: Page, study: str) -> None:
    page.goto(study)
    page.get_by_role("button", name="下载离线学习").click()
    expect(page.get_by_role("radio", name="省流量")).to_be_checked()
    page.get_by_role("button", name="开始下载").click()
    expect(page.locator("[data-offline-stored-line]")).to_contain_text(
        "已下载到这台设备", timeout=20_000
    )


def play_seconds(page: Page, up_to: float) -> None:
    page.locator(BIG_BUTTON).click()
    until(page, f"v.currentTime >= {up_to}")
    page.evaluate(f"{SCREEN}.pause()")
    expect(page.locator("[data-play-waiting]")).to_contain_text("联网后上报")


def reopened(context: BrowserContext, path: str) -> Page:
    page = context.new_page()
    page.goto(path)
    return page


@pytest.mark.expects_console_errors  # what the cut network refuses is logged as one
def test_a_lecture_taken_along_is_studied_offline_and_counted_once(page: Page, study, lively_site):
    context, learner = page.context, lively_site.learner
    take_along(page, study)
    page.goto("/learn/offline/")
    expect(page.get_by_role("link", name="播放")).to_be_visible()
    context.set_offline(True)

    page.reload()
    page.get_by_role("link", name="播放").click()
    play_seconds(page, 4.2)
    page.close()
    page = reopened(context, "/learn/offline/")
    expect(page.locator("[data-waiting]")).to_contain_text("已看 4 秒，联网后上报")
    page.get_by_role("link", name="播放").click()
    play_seconds(page, 6.2)

    assert ViewingSession.objects.get(person=learner).watched == []
    sent: list[str] = []
    page.on("request", lambda r: sent.append(r.post_data or "") if "/return/" in r.url else None)
    context.set_offline(False)
    expect(page.locator("[data-play-said]")).to_contain_text("离线看的时段已经计入", timeout=20_000)

    viewing = ViewingSession.objects.get(person=learner)
    assert (viewing.watched, viewing.watched_live) == ([(0, 6)], [])
    assert len(set(sent)) == 1
    spent, key = ViewerClock.objects.get(person=learner).spent, OfflinePack.objects.get().key
    again = """([key, body]) => fetch("/learn/offline/packs.json").then((answer) => answer.json())
      .then(({ csrf }) => fetch(`/learn/offline/${key}/return/`, { method: "POST", body,
        headers: { "X-CSRFToken": csrf, "Content-Type": "application/json" } }))
      .then(({ status }) => status)"""
    assert page.evaluate(again, [str(key), sent[0]]) == 200
    assert ViewerClock.objects.get(person=learner).spent == spent
    assert ViewingSession.objects.get(person=learner).watched == [(0, 6)]
    page.reload()
    expect(page.locator("[data-play-waiting]")).to_contain_text("先存在这台设备上")
    assert JournalEntry.objects.filter(action="video.offline_returned").count() == 1


def test_stopped_downloads_go_on_where_they_were(page: Page, study):
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url) if r.url.endswith(".m4s") else None)
    page.goto(study)
    page.get_by_role("button", name="下载离线学习").click()
    page.get_by_role("radio", name="360p").check()
    held = []
    page.route("**/360p-00001.m4s", lambda route: held.append(route))
    page.get_by_role("button", name="开始下载").click()
    expect(page.locator("[data-offline-percent]")).to_contain_text("已下载")
    while not held:
        page.wait_for_timeout(50)

    page.get_by_role("button", name="停下").click()
    expect(page.locator("[data-offline-said]")).to_contain_text("下载好的部分留着")
    page.unroute("**/360p-00001.m4s")
    before = set(asked)
    asked.clear()
    page.get_by_role("button", name="接着下载").click()
    expect(page.locator("[data-offline-stored-line]")).to_contain_text("已下载到这台设备")

    names = [url.rsplit("/", 1)[1] for url in asked]
    assert "360p-00001.m4s" in names
    assert "360p-00000.m4s" not in names
    assert any(url.endswith("360p-00000.m4s") for url in before)


@pytest.mark.expects_console_errors
def test_a_worn_out_pack_does_not_play_but_what_was_watched_is_sent(page: Page, study, lively_site):
    take_along(page, study)
    page.goto("/learn/offline/")
    page.context.set_offline(True)
    page.get_by_role("link", name="播放").click()
    play_seconds(page, 3.2)
    page.clock.set_fixed_time(database_now() + timedelta(days=15))
    page.reload()
    expect(page.locator("[data-play-gone]")).to_be_visible()
    page.goto("/learn/offline/")
    expect(page.get_by_role("heading", name="这台设备上没有离线课程")).to_be_visible()

    page.context.set_offline(False)

    expect(page.locator("[data-shelf-said]")).to_contain_text(
        "离线看的时段已经计入", timeout=20_000
    )
    assert ViewingSession.objects.get(person=lively_site.learner).watched == [(0, 3)]
    assert not [path for path in page.evaluate(CACHED) if path.endswith(".m4s")]


def test_nothing_of_a_pack_is_left_for_others_after_signing_out(page: Page, study):
    take_along(page, study)
    kept = page.evaluate(CACHED)
    assert any(path.endswith(".m4s") for path in kept)
    # Nothing but the two pages, public files, and the pack's own.
    assert all(
        path.startswith(("/learn/offline/files/", "/static/"))
        or path in ("/learn/offline/", "/learn/offline/play/")
        for path in kept
    )

    page.goto("/accounts/logout/")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(lambda url: "logout" not in url)

    assert not [path for path in page.evaluate(CACHED) if "/files/" in path]
    page.goto("/learn/offline/")
    expect(page.get_by_role("heading", name="这台设备上没有离线课程")).to_be_visible()


def test_another_person_on_the_device_finds_no_pack(page: Page, study, lively_site):
    take_along(page, study)
    lively_site.sign_in(page.context, lively_site.archivist)

    page.goto("/")
    page.goto("/learn/offline/")

    expect(page.get_by_role("heading", name="这台设备上没有离线课程")).to_be_visible()


def test_a_pack_shows_to_nobody_else_even_while_its_files_are_still_there(
    page: Page, study, lively_site
):
    """Deleting takes a moment, and an open page may be slower than the next one."""
    page.add_init_script(
        "self.caches && (CacheStorage.prototype.delete = () => new Promise(() => {}));"
    )
    take_along(page, study)
    lively_site.sign_in(page.context, lively_site.archivist)
    page.goto("/")

    page.goto("/learn/offline/")

    expect(page.get_by_role("heading", name="这台设备上没有离线课程")).to_be_visible()
    lively_site.sign_in(page.context, lively_site.learner)
    page.goto("/")
    page.goto("/learn/offline/")
    expect(page.get_by_role("link", name="播放")).to_be_visible()


def test_a_pack_on_another_device_can_be_given_up_and_taken_anew(
    page: Page, study, browser, live_site, lively_site
):
    take_along(page, study)
    other = browser.new_context(base_url=live_site, locale="zh-CN")
    lively_site.sign_in(other, lively_site.learner)
    second = reopened(other, study)
    second.get_by_role("button", name="下载离线学习").click()
    second.get_by_role("button", name="开始下载").click()
    expect(second.locator("[data-offline-said]")).to_contain_text("已经下载在一台设备上")

    second.get_by_role("button", name="放弃那一份").click()

    expect(second.locator("[data-offline-stored-line]")).to_contain_text("已下载到这台设备")
    assert OfflinePack.objects.filter(given_up_at__isnull=True).count() == 1
    other.close()


def test_the_offline_pages_break_no_rule_of_accessibility(page: Page, study):
    page.goto("/learn/offline/")
    expect(page.locator("[data-shelf-empty]")).to_be_visible()
    found = violations(page, "empty")
    page.goto(study)
    page.get_by_role("button", name="下载离线学习").click()
    found += violations(page, "choose")
    take_along(page, study)
    found += violations(page, "stored")
    page.goto("/learn/offline/")
    page.get_by_role("link", name="播放").wait_for()
    found += violations(page, "packs")
    page.get_by_role("link", name="播放").click()
    page.locator(BIG_BUTTON).wait_for()
    found += violations(page, "player")

    assert found == [], "\n".join(found)
