"""Uploading in a real browser: a reload in the middle costs what was on the line, nothing more."""

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, Request, expect

from config.runtime import processes
from lms.portal.services import install_site
from media.models import Upload, Video
from tests import world
from tests.browser.conftest import sign_in
from tests.browser.test_accessibility import violations
from tests.media import clips

MEGABYTE = 1024**2
SLOW = 4 * MEGABYTE  # bytes a second


@pytest.fixture(scope="session")
def lecture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film of about 30 MB: a picture that cannot be compressed, and a tone."""
    path = tmp_path_factory.mktemp("upload") / "网格化管理.mp4"
    noise = ("-vf", "geq=random(1)*255:128:128", "-crf", "10")
    clips.film(path, seconds=8, source="nullsrc", options=noise)
    assert path.stat().st_size > 28 * MEGABYTE
    return path


@pytest.fixture
def upload_page(page: Page, context, live_site: str, worker) -> Iterator[Page]:
    install_site(hostname="localhost", port=80, site_name="强基", headline="学时有据", intro="")
    sign_in(context, world.holder("course_author"), live_site)
    page.goto("/manage/videos/new/")
    yield page
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)


class Line:
    """The network as the page sees it."""

    def __init__(self, page: Page, bytes_a_second: int) -> None:
        self.session = page.context.new_cdp_session(page)
        self.session.send("Network.enable")
        self.bytes_a_second = bytes_a_second
        self.set(is_cut=False)

    def set(self, *, is_cut: bool) -> None:
        up = self.bytes_a_second
        conditions = {"offline": is_cut, "latency": 0, "downloadThroughput": -1}
        self.session.send("Network.emulateNetworkConditions", conditions | {"uploadThroughput": up})


def received() -> int:
    return Upload.objects.values_list("received", flat=True).first() or 0


def test_a_reload_in_the_middle_goes_on_from_there(upload_page, lecture):
    page, size = upload_page, lecture.stat().st_size
    Line(page, SLOW)
    page.get_by_label("视频文件").set_input_files(lecture)
    page.get_by_label("标题").last.fill("网格化管理")
    page.get_by_role("button", name="开始上传").click()
    assert processes.wait_until(lambda: received() > 3 * MEGABYTE, seconds=60)

    page.reload()
    expect(page.get_by_role("heading", name="上次没传完的")).to_be_visible()
    arrived = received()
    offsets: list[int] = []

    def note(request: Request) -> None:
        if request.method == "PATCH":
            offsets.append(int(request.headers["upload-offset"]))

    page.on("request", note)
    page.get_by_label("视频文件").set_input_files(lecture)

    expect(page.get_by_text("收好了，正在排队转码。")).to_be_visible(timeout=90_000)
    assert 3 * MEGABYTE < arrived < size
    assert offsets[0] >= arrived  # what was on the line when the page went may still have come in
    assert size - offsets[0] < size
    video = Video.objects.get()
    assert video.source_sha256 == hashlib.sha256(lecture.read_bytes()).hexdigest()
    assert video.title == "网格化管理"
    assert Upload.objects.get().expected_sha256 == video.source_sha256
    page.get_by_role("link", name="看这个视频").click()
    expect(page).to_have_url(f"{page.url.split('/manage')[0]}/manage/videos/{video.pk}/")


def test_several_files_are_paused_go_on_and_are_given_up(upload_page, lecture, tmp_path):
    page = upload_page
    Line(page, SLOW // 2)
    small = clips.film(tmp_path / "小一点的.mp4", seconds=4)
    notes = tmp_path / "讲稿.mp4"
    notes.write_text("只是讲稿" * 100)
    page.get_by_label("视频文件").set_input_files([lecture, notes, small])
    page.get_by_role("button", name="开始上传").click()
    rows = page.locator("[data-files] > li")
    first, second, third = (rows.nth(at) for at in range(3))

    expect(second.get_by_text("其实不是视频")).to_be_visible(timeout=60_000)
    expect(third.get_by_text("收好了，正在排队转码。")).to_be_visible(timeout=60_000)
    first.get_by_role("button", name="暂停").click()
    expect(first.get_by_text("停在这里")).to_be_visible()
    first.get_by_role("button", name="接着传").click()
    expect(first.get_by_text("正在传。")).to_be_visible()
    page.on("dialog", lambda dialog: dialog.accept())
    first.get_by_role("button", name="不要了").click()

    expect(rows).to_have_count(2)
    assert processes.wait_until(
        lambda: not Upload.objects.filter(file_name=lecture.name).exists(), seconds=10
    )
    assert list((Path(settings.MEDIA_ROOT) / "incoming").iterdir()) == []
    assert Video.objects.get().title == "小一点的"


def test_another_source_survives_a_reload_and_shows_what_it_touches(upload_page, lecture, tmp_path):
    page, size = upload_page, lecture.stat().st_size
    old = clips.film(tmp_path / "旧的.mp4", seconds=4)
    page.get_by_label("视频文件").set_input_files(old)
    page.get_by_role("button", name="开始上传").click()
    expect(page.get_by_text("收好了，正在排队转码。")).to_be_visible(timeout=60_000)
    video = Video.objects.get()
    assert processes.wait_until(lambda: Video.objects.get().state == Video.State.READY, seconds=120)
    Upload.objects.all().delete()
    page.goto(f"/manage/videos/{video.pk}/replace/")
    Line(page, SLOW)
    page.get_by_label("新的视频文件").set_input_files(lecture)
    page.get_by_role("button", name="开始上传").click()
    assert processes.wait_until(lambda: received() > 3 * MEGABYTE, seconds=60)

    page.reload()
    expect(page.get_by_role("heading", name="上次没传完的")).to_be_visible()
    assert 3 * MEGABYTE < received() < size
    page.get_by_label("新的视频文件").set_input_files(lecture)

    expect(page.get_by_role("heading", name="换上以后")).to_have_text(
        "换上以后，时长从 00:04 变成 00:08", timeout=90_000
    )
    page.get_by_role("button", name="换上这个文件").click()
    expect(page.get_by_text("正在转码新文件。做好并核对过才换上")).to_be_visible()
    assert Video.objects.get().key == video.key
    page.goto("about:blank")  # before its files go


@pytest.mark.expects_console_errors
def test_a_line_that_comes_back_is_gone_on_with_by_itself(upload_page, lecture):
    page = upload_page
    line = Line(page, SLOW)
    page.get_by_label("视频文件").set_input_files(lecture)
    page.get_by_role("button", name="开始上传").click()
    assert processes.wait_until(lambda: received() > MEGABYTE, seconds=60)

    line.set(is_cut=True)
    expect(page.get_by_text("连不上，过一会儿自动接着传。")).to_be_visible()
    line.set(is_cut=False)

    expect(page.get_by_text("收好了，正在排队转码。")).to_be_visible(timeout=90_000)
    assert Video.objects.get().source_bytes == lecture.stat().st_size


@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_fits_and_says_what_is_left_of_before(upload_page, lecture, width):
    page = upload_page
    page.set_viewport_size({"width": width, "height": 800})
    Line(page, SLOW)
    page.get_by_label("视频文件").set_input_files([lecture])
    page.get_by_role("button", name="开始上传").click()
    assert processes.wait_until(lambda: received() > 3 * MEGABYTE, seconds=60)
    page.reload()

    expect(page.get_by_text("前都能接着传")).to_be_visible()
    expect(page.get_by_role("button", name="接着传")).to_be_visible()
    wide = page.evaluate("document.documentElement.scrollWidth")
    page.get_by_label("视频文件").set_input_files(
        [{"name": "别的.mp4", "mimeType": "video/mp4", "buffer": b"x"}]
    )
    assert wide <= width
    # The brand in the sidebar is Wagtail's own link.
    assert [
        rule for rule in violations(page, "upload") if "sidebar-custom-branding" not in rule
    ] == []
