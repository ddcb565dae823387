"""The deployed nginx.conf, run by a real nginx before the real site: who is sent a segment."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client

from config.runtime import components, processes
from courses.catalogue.models import CourseUnit
from lms.common.clock import database_now
from lms.people.models import Person
from media import links
from media.models import Video
from tests import world

DEPLOYED = Path("config/deploy/nginx.conf")
SEGMENT = bytes(range(256)) * 400


@dataclass
class Nginx:
    port: int
    folder: Path

    def get(self, path: str, *, session: str = "", method: str = "GET", **headers: str):
        """Status, headers and body."""
        if session:
            headers["Cookie"] = f"{settings.SESSION_COOKIE_NAME}={session}"
        asked = Request(f"http://127.0.0.1:{self.port}{path}", headers=headers, method=method)
        try:
            with urlopen(asked, timeout=20) as answer:
                return answer.status, answer.headers, answer.read()
        except HTTPError as refused:
            with refused:
                return refused.code, refused.headers, refused.read()

    def forget(self) -> None:
        """As if a minute had passed."""
        for kept in (self.folder / "cache").rglob("*"):
            if kept.is_file():
                kept.unlink()


def on_loopback(text: str, *, port: int, site_port: int, folder: Path) -> str:
    """The deployed text with other addresses and folders, and without TLS."""
    text = re.sub(r"server \{\s+listen 80;.*?\n\}\n", "", text, count=1, flags=re.DOTALL)
    text = re.sub(r" +ssl_\w+ .*;\n", "", text)
    changes = {
        "127.0.0.1:8001": f"127.0.0.1:{site_port}", "127.0.0.1:8002": f"127.0.0.1:{site_port}",
        "listen 443 ssl http2;": f"listen 127.0.0.1:{port};",
        "/var/cache/nginx/qiangji": str(folder / "cache"),
        "/var/lib/qiangji/uploads": str(settings.MEDIA_ROOT),
    }  # fmt: skip
    for deployed, ours in changes.items():
        assert deployed in text, deployed
        text = text.replace(deployed, ours)
    return text


@pytest.fixture
def nginx(live_site: str, tmp_path: Path) -> Iterator[Nginx]:
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    assert program, "These tests need nginx: apt-get install nginx"
    port = components.any_free_port()
    text = on_loopback(
        DEPLOYED.read_text(),
        port=port,
        site_port=int(live_site.rpartition(":")[2]),
        folder=tmp_path,
    )
    config = tmp_path / "nginx.conf"
    temporary = "".join(
        f"{kind}_temp_path {tmp_path / kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;\n" if Path.home() == Path("/root") else ""
    config.write_text(
        f"{user}daemon off; pid {tmp_path}/pid; error_log {tmp_path}/error.log;\n"
        f"events {{}}\nhttp {{ access_log off;\n{temporary}{text}}}\n"
    )
    process = subprocess.Popen([program, "-e", f"{tmp_path}/error.log", "-c", str(config)])
    try:
        assert processes.wait_until(lambda: not components.is_free(port), seconds=10), (
            tmp_path / "error.log"
        ).read_text()
        yield Nginx(port, tmp_path)
    finally:
        process.terminate()
        process.wait(timeout=10)


@pytest.fixture
def video(live_site: str) -> Iterator[Video]:
    """On the shelf, with one segment on disk."""
    unit = world.package().units.get(kind="video")
    Video.objects.filter(pk=unit.video_id).update(build=uuid4())
    video = CourseUnit.objects.get(pk=unit.pk).video
    folder = Path(settings.MEDIA_ROOT) / f"videos/{video.key}/{video.build}"
    folder.mkdir(parents=True)
    (folder / "360p-00000.m4s").write_bytes(SEGMENT)
    (folder / "live.m3u8").write_text("#EXTM3U\n")
    (folder.parent / "captions").mkdir()
    (folder.parent / "captions/0123456789abcdef.vtt").write_text("WEBVTT\n")
    (folder.parent / "source").write_bytes(b"the original")
    yield video
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)


def signed_in(person: Person) -> str:
    client = Client()
    client.force_login(person)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def prefix(video: Video, person: Person, *, age: timedelta = timedelta(0)) -> str:
    return links.signed_prefix(
        video_key=video.key, build=video.build, viewer_id=person.pk, at=database_now() - age
    )


def test_a_segment_reaches_the_person_it_was_signed_for(nginx, video):
    learner = world.learner()

    status, headers, body = nginx.get(
        prefix(video, learner) + "360p-00000.m4s", session=signed_in(learner)
    )

    assert (status, body) == (200, SEGMENT)
    assert headers["Content-Type"] == "video/iso.segment"
    assert headers["Cache-Control"] == "private, max-age=900, immutable"


def test_ranges_live_playlists_and_captions_are_sent_as_the_application_does(nginx, video):
    learner = world.learner()
    session, at = signed_in(learner), prefix(video, learner)

    part = nginx.get(at + "360p-00000.m4s", session=session, Range="bytes=10-19")
    playlist = nginx.get(at + "live.m3u8", session=session)
    captions = nginx.get(at + "captions-0123456789abcdef.vtt", session=session)

    assert (part[0], part[2]) == (206, SEGMENT[10:20])
    assert (playlist[0], playlist[1]["Cache-Control"]) == (200, "private, no-cache")
    assert (captions[0], captions[1]["Content-Type"]) == (200, "text/vtt; charset=utf-8")


def test_a_leaked_link_is_refused_signed_out_even_while_its_owner_watches(nginx, video):
    learner = world.learner()
    at = prefix(video, learner) + "360p-00000.m4s"
    assert nginx.get(at, session=signed_in(learner))[0] == 200

    assert nginx.get(at)[0] == 403


def test_a_leaked_link_is_refused_to_another_person(nginx, video):
    learner, other = world.learner(), world.learner()
    at = prefix(video, learner) + "360p-00000.m4s"
    assert nginx.get(at, session=signed_in(learner))[0] == 200

    assert nginx.get(at, session=signed_in(other))[0] == 403


def test_after_withdrawal_a_link_opens_nothing_once_the_minute_is_over(nginx, video):
    learner = world.learner()
    at, session = prefix(video, learner) + "360p-00000.m4s", signed_in(learner)
    assert nginx.get(at, session=session)[0] == 200

    CourseUnit.objects.get(video=video).package.specific.unpublish()

    def is_refused() -> bool:
        nginx.forget()
        return nginx.get(at, session=session)[0] == 403

    # The site looks at the shelf's version every half second.
    assert processes.wait_until(is_refused, seconds=5)


def test_an_expired_link_is_refused(nginx, video):
    learner = world.learner()
    age = timedelta(seconds=settings.QIANGJI["DELIVERY_TOKEN_SECONDS"] + links.QUANTUM_SECONDS + 1)

    old = prefix(video, learner, age=age) + "360p-00000.m4s"

    assert nginx.get(old, session=signed_in(learner))[0] == 403


@pytest.mark.parametrize("name", ["source", "../source", "..%2fsource", "nothing.m4s", "a/b.m4s"])
def test_what_is_not_of_the_build_is_unknown(nginx, video, name):
    learner = world.learner()

    status, _, body = nginx.get(prefix(video, learner) + name, session=signed_in(learner))

    assert (status, b"the original" in body) == (404, False)


def test_the_question_itself_is_not_open_to_the_world(nginx, video):
    assert nginx.get("/_permit")[0] == 404
    assert nginx.get("/videos/permit/")[0] == 404
