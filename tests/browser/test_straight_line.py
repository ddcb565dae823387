"""The straight line in a real browser: a lecture uploaded and published, watched, settled, archived."""

import csv
import json
import re
import shutil
import zipfile
from contextlib import suppress
from io import StringIO
from pathlib import Path
from time import monotonic

import bagit
import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from playwright.sync_api import Browser, BrowserContext, Page, expect

from courses.catalogue.models import CatalogueIndexPage
from lms.credits.models import LedgerEntry
from lms.people.models import Person
from lms.portal.services import install_site
from media.models import Video
from tests import world
from tests.chromium import TIMEOUT_MS
from tests.media import clips

LECTURE_SECONDS = 20
TITLE = "事项准入清单怎么用"
SCREEN = "document.querySelector('media-controller video')"


@pytest.fixture
def site(transactional_db):
    """An installed site with rules; nothing published yet."""
    world.policy()
    yield install_site(
        hostname="127.0.0.1", port=80, site_name="强基", headline="每个学时都有依据", intro=""
    )
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)


@pytest.fixture
def lecture(tmp_path: Path) -> Path:
    return clips.film(tmp_path / "lecture.mp4", seconds=LECTURE_SECONDS + 0.2, rate="10")


def sign_in(page: Page, person: Person) -> None:
    page.goto("/accounts/login/")
    page.fill("input[name=login]", person.staff_number)
    page.fill("input[name=password]", world.PASSWORD)
    page.locator("form:has(input[name=password]) button[type=submit]").click()
    page.wait_for_url("/")


def device(browser: Browser, live_site: str, *, width: int) -> BrowserContext:
    """A browser with nothing on it yet: a phone at 360, an office computer at 1280."""
    context = browser.new_context(
        base_url=live_site,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        viewport={"width": width, "height": 740},
        reduced_motion="reduce",
    )
    context.set_default_timeout(TIMEOUT_MS)
    return context


def until(page: Page, condition: str, *, seconds: float) -> None:
    """Poll from here: the page's policy lets no string be evaluated in it, Playwright's waits too."""
    deadline = monotonic() + seconds
    while not page.evaluate(f"(v => {condition})({SCREEN})"):
        assert monotonic() < deadline, f"not within {seconds} s: {condition}"
        page.wait_for_timeout(50)


def publish_package(page: Page, lecture: Path) -> None:
    """As the party school's teacher does: fill in, upload, watch the per cent, preview, publish."""
    page.goto("/manage/")
    index = CatalogueIndexPage.objects.get()
    page.goto(f"/manage/pages/add/catalogue/coursepackagepage/{index.pk}/")
    page.fill("#id_title", "一张网格管到底：网格事项准入与闭环")
    page.fill("#id_summary", "网格员手里到底该接哪些事、不该接哪些事。")
    page.select_option("#id_topic", "governance")
    page.fill("#id_lecturer_name", "徐志强")
    page.select_option("#id_owner_unit", label="松阳县")
    page.fill("#id_units-0-title", TITLE)
    upload_in_editor(page, lecture)
    page.locator("button[name=action-publish]").click()
    expect(page.locator(".messages")).to_contain_text(re.compile("网格事项准入与闭环.*已经?发布"))


def upload_in_editor(page: Page, lecture: Path) -> None:
    chooser = page.locator("#id_units-0-video-chooser")
    chooser.get_by_role("button", name="选一个视频").click()
    modal = page.locator(".modal-dialog")
    modal.get_by_role("tab", name="上传新视频").click()
    modal.locator("input[name$=title]").fill(TITLE)
    modal.locator("input[type=file]").set_input_files(lecture)
    modal.get_by_role("button", name="上传", exact=True).click()
    expect(chooser).to_contain_text(TITLE, timeout=60_000)
    shown = set()
    deadline = monotonic() + 150
    while not Video.objects.get().is_ready:
        assert monotonic() < deadline, "the lecture was not transcoded"
        shown.add(chooser.inner_text())
        page.wait_for_timeout(300)
    assert any(re.search(r"\d+%", text) for text in shown), shown
    expect(chooser).not_to_contain_text("转码中")


def watch(page: Page, *, until_second: float) -> None:
    """Press play, if it does not run yet, and let it run at normal speed."""
    if page.evaluate(f"{SCREEN}.paused"):
        page.locator("media-play-button.qp-big").click()
    until(page, f"v.currentTime >= {until_second}", seconds=90)


def study(page: Page) -> None:
    """From the catalogue to the player, as a learner gets there."""
    page.goto("/courses/")
    page.get_by_role("link", name="网格事项准入与闭环").first.click()
    page.get_by_role("link", name=re.compile("开始学|接着看|补看")).first.click()
    expect(page.locator("media-controller")).to_be_visible()


def seal(page: Page, folder: Path) -> Path:
    """The archivist asks for a package and takes it home; the unpacked bag."""
    page.goto("/archive/")
    page.get_by_role("button", name=re.compile("封装")).first.click()
    link = page.get_by_role("link", name=re.compile("^下载"))
    expect(link).to_be_visible(timeout=60_000)
    with page.expect_download() as download:
        link.click()
    with zipfile.ZipFile(download.value.path()) as archive:
        archive.extractall(folder)
    return next(path.parent for path in folder.rglob("bagit.txt"))


def verify(bag: Path) -> dict:
    said = StringIO()
    with suppress(CommandError):
        call_command("verify_archive", str(bag), "--json", stdout=said)
    return json.loads(said.getvalue())


@pytest.mark.timeout(600)
@pytest.mark.expects_console_errors  # Wagtail saves a half-filled form by itself and is refused
def test_a_lecture_becomes_hours_and_the_hours_reach_the_archive(
    page: Page, browser: Browser, live_site: str, site, worker, lecture: Path, tmp_path: Path
):
    publisher = world.holder("publisher", password=world.PASSWORD)
    cadre = world.learner(password=world.PASSWORD)
    archivist = world.holder("archivist", password=world.PASSWORD)

    sign_in(page, publisher)
    publish_package(page, lecture)

    with device(browser, live_site, width=1280) as office:
        first = office.new_page()
        sign_in(first, cadre)
        study(first)
        watch(first, until_second=8)
        first.close(run_before_unload=True)

    with device(browser, live_site, width=360) as phone:
        second = phone.new_page()
        sign_in(second, cadre)
        study(second)
        expect(second.locator(".qp-note")).to_contain_text(re.compile("从 0:(0[6-9]|10) 接着看"))
        resumed_at = second.evaluate(f"{SCREEN}.currentTime")
        assert 6 <= resumed_at <= 10
        watch(second, until_second=resumed_at + 0.5)
        assert second.evaluate(f"{SCREEN}.currentTime") < resumed_at + 5
        watch(second, until_second=LECTURE_SECONDS)
        ended = monotonic()
        expect(second.locator("[data-evidence]")).to_contain_text("0.25 学时")
        assert LedgerEntry.objects.filter(person=cadre).exists()
        assert monotonic() - ended < 2
        second.goto("/record/")
        second.locator("details.entry summary").first.click()
        line = second.locator("details.entry").first
        expect(line).to_contain_text("为什么是 0.25 学时")
        expect(line).to_contain_text("应看满（片长 × 90%）")

    entry = LedgerEntry.objects.get(person=cadre)
    assert (str(entry.hours), entry.grade, entry.bucket) == ("0.25", "timed", "online")

    with device(browser, live_site, width=1280) as records_office:
        desk = records_office.new_page()
        sign_in(desk, archivist)
        bag = seal(desk, tmp_path / "package")

    bagit.Bag(str(bag)).validate()  # the Library of Congress's own tool finds it whole
    table = bag / "data/a11/a11.csv"
    rows = list(csv.DictReader(table.read_text(encoding="utf-8-sig").splitlines()))
    assert [(row["人员编号"], row["A1108"]) for row in rows] == [(cadre.staff_number, "0.3")]
    assert verify(bag) == {"valid": True, "problems": []}

    table.write_bytes(table.read_bytes().replace(b"0.3", b"9.3"))
    found = verify(bag)
    assert not found["valid"]
    assert found["problems"][0]["path"] == "data/a11/a11.csv"
    with pytest.raises(bagit.BagValidationError):
        bagit.Bag(str(bag)).validate()
