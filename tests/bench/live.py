"""From the lecturer's camera to a learner's screen, and from the end to the replay.

`behind` is how far what a viewer could fetch, or in Chromium saw, was behind what was being spoken. The
encoder's start counts as the first spoken moment, so its own start-up is in all figures. Beside it the
HLS of nginx's RTMP module, as it comes, fed by an encoder of the same kind.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import psutil
from django.conf import settings
from playwright.sync_api import Page, sync_playwright

from config.runtime import components, processes
from config.runtime.places import BASE_DIR
from tests.bench.scratch import scratch_database, server
from tests.chromium import ARGUMENTS, executable
from tests.config import nginx
from tests.media import encoding

SETTLE_SECONDS, WATCH_SECONDS = 15, 20
SCREEN = "document.querySelector('media-controller video')"
PLAIN = """
rtmp {{ server {{ listen 127.0.0.1:{port}; application live {{
  live on; hls on; hls_path {folder}/hls; }} }} }}
"""


def run() -> dict:
    with scratch_database("live") as url, TemporaryDirectory() as name:
        facts = _facts(url, "begin")
        try:
            ours = _ours(url, facts, Path(name))
        finally:
            shutil.rmtree(Path(settings.MEDIA_ROOT) / "videos" / facts["video"], ignore_errors=True)
    with TemporaryDirectory() as name:
        plain = _plain(Path(name))
    return {**ours, "nginx_rtmp_hls": plain, "watched_seconds": WATCH_SECONDS}


def _ours(url: str, facts: dict, folder: Path) -> dict:
    port, gate_port = components.any_free_port(), components.any_free_port()
    with (
        server(url, components.web_command(port), port, log=folder / "site.log", ready="/healthz"),
        _gate(url, gate_port, folder / "gate.log"),
        _opened(f"http://127.0.0.1:{port}", facts) as page,
        _sending(f"rtmp://127.0.0.1:{gate_port}/live/{facts['stream_key']}") as began,
    ):
        video = page.locator("media-controller video")
        video.wait_for(state="attached", timeout=60_000)
        video.evaluate("v => { v.muted = true; v.play(); }")
        offered = _offered(port, facts)
        processes.wait_until(lambda: _has_begun(offered), seconds=60)
        first_playlist = time.time() - began
        # The site's policy forbids `wait_for_function`, which evaluates text in the page.
        processes.wait_until(lambda: page.evaluate(f"{SCREEN}.currentTime > 0"), seconds=60)
        first_picture = time.time() - began
        page.wait_for_timeout(SETTLE_SECONDS * 1000)
        screen = _behind(page, began)
        fetched = _sampled(lambda: time.time() - began - _length(offered()))
        ended = time.time()
        _facts(url, "end")
        settled = processes.wait_until(lambda: "#EXT-X-ENDLIST" in offered(), seconds=120)
        replay = round(time.time() - ended, 2) if settled else None
        joined = time.time()
        recorded = _facts(url, "recording")
        return {
            "behind_on_screen_s": screen, "behind_in_playlist_s": fetched,
            "first_playlist_s": round(first_playlist, 2), "first_picture_s": round(first_picture, 2),
            "replay_ready_s": replay, "recording_joined_s": round(time.time() - joined, 2),
            "recording_bytes": recorded["bytes"],
        }  # fmt: skip


def _behind(page: Page, began: float) -> dict:
    """The screen against the clock, four times a second."""
    samples = []
    until = time.time() + WATCH_SECONDS
    while time.time() < until:
        shown = page.evaluate(f"[{SCREEN}.currentTime, Date.now() / 1000]")
        samples.append(shown[1] - began - shown[0])
        page.wait_for_timeout(250)
    return _summary(samples)


def _offered(port: int, facts: dict) -> Callable[[], str]:
    """The growing playlist as the learner's player is given it."""
    config = json.loads(_got(port, facts["config"], facts))
    folder = config["manifest_url"].rpartition("/")[0]
    return lambda: _got(port, f"{folder}/live.m3u8", facts)


def _has_begun(offered: Callable[[], str]) -> bool:
    try:
        return "#EXTINF" in offered()
    except HTTPError:
        return False


def _got(port: int, path: str, facts: dict) -> str:
    asked = Request(f"http://127.0.0.1:{port}{path}", headers={"Cookie": "=".join(facts["cookie"])})
    with urlopen(asked, timeout=20) as answer:
        return str(answer.read().decode())


def _length(playlist: str) -> float:
    lines = [line for line in playlist.splitlines() if line.startswith("#EXTINF:")]
    return sum(float(line[8:].rstrip(",")) for line in lines)


def _sampled(behind: Callable[[], float]) -> dict:
    samples = []
    until = time.time() + WATCH_SECONDS
    while time.time() < until:
        samples.append(behind())
        time.sleep(0.1)
    return _summary(samples)


def _summary(samples: list[float]) -> dict:
    ordered = sorted(samples)
    return {"median": round(statistics.median(ordered), 2), "most": round(ordered[-1], 2)}


def _plain(folder: Path) -> dict:
    port, rtmp_port = components.any_free_port(), components.any_free_port()
    http = f"server {{ listen 127.0.0.1:{port}; root {folder}/hls; }}\n"
    (folder / "hls").mkdir()
    (folder / "hls").chmod(0o777)
    beside = PLAIN.format(port=rtmp_port, folder=folder)
    with (
        nginx.started(http, folder, port=port, beside=beside),
        _sending(f"rtmp://127.0.0.1:{rtmp_port}/live/lecture") as began,
    ):
        playlist = folder / "hls/lecture.m3u8"
        processes.wait_until(playlist.exists, seconds=60)
        time.sleep(SETTLE_SECONDS)
        start = _first_second(playlist)
        return {
            "behind_in_playlist_s": _sampled(lambda: time.time() - began - start - _kept(playlist))
        }


def _first_second(playlist: Path) -> float:
    """0: nothing has left the window yet, or the figure would be wrong."""
    if "#EXT-X-MEDIA-SEQUENCE:0" not in playlist.read_text():
        raise RuntimeError("the window moved on")
    return 0.0


def _kept(playlist: Path) -> float:
    return _length(playlist.read_text())


@contextmanager
def _sending(address: str) -> Iterator[float]:
    began = time.time()
    encoder = encoding.send(address, seconds=240)
    try:
        yield began
    finally:
        encoder.kill()
        encoder.wait()


@contextmanager
def _gate(url: str, port: int, log: Path) -> Iterator[None]:
    environment = {"DATABASE_URL": url, "SECRET_KEY": settings.SECRET_KEY}
    environment["DJANGO_SETTINGS_MODULE"] = os.environ["DJANGO_SETTINGS_MODULE"]
    started = components.launch(
        components.ingest_command(port), log=log, mark="bench", environment=environment
    )
    try:
        processes.wait_until(lambda: not components.is_free(port), seconds=60)
        yield
    finally:
        processes.end_all([psutil.Process(started.pid)], grace_seconds=10)
        started.wait(timeout=10)


@contextmanager
def _opened(address: str, facts: dict) -> Iterator[Page]:
    name, value = facts["cookie"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        context = chromium.new_context(base_url=address, locale="zh-CN")
        context.add_cookies([{"name": name, "value": value, "url": address}])
        page = context.new_page()
        page.goto(facts["page"])
        yield page
        chromium.close()


def _facts(url: str, step: str) -> dict:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.live_facts", step], cwd=BASE_DIR,
        env=os.environ | {"DATABASE_URL": url}, stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    printed: dict = json.loads(done.stdout)
    return printed
