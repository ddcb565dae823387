"""The deployed nginx.conf, run by a real nginx before the real site: who is sent a segment."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from uuid import uuid4

import boto3
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
from tests.media.object_stores import (  # noqa: F401 - fixtures
    BUCKET,
    KEYS,
    object_store,
)

DEPLOYED = Path("config/deploy")
SEGMENT = bytes(range(256)) * 400
READ_FROM_HERE = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",
            "Resource": f"arn:aws:s3:::{BUCKET}/videos/*",
            "Condition": {"IpAddress": {"aws:SourceIp": "127.0.0.1/32"}},
        }
    ],
}  # fmt: skip


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
        for kept in (self.folder / "cache/qiangji").rglob("*"):
            if kept.is_file():
                kept.unlink()


def on_loopback(*, port: int, site_port: int, folder: Path, store: str = "") -> str:
    """The deployed text with other addresses and folders, and without TLS."""
    text = (DEPLOYED / "nginx.conf").read_text()
    text = re.sub(r"server \{\s+listen 80;.*?\n\}\n", "", text, count=1, flags=re.DOTALL)
    text = re.sub(r" +ssl_\w+ .*;\n", "", text)
    changes = {
        "127.0.0.1:8001": f"127.0.0.1:{site_port}", "127.0.0.1:8002": f"127.0.0.1:{site_port}",
        "listen 443 ssl http2;": f"listen 127.0.0.1:{port};",
        "/var/cache/nginx/": f"{folder}/cache/", "/etc/nginx/qiangji/": f"{folder}/",
        "keys_zone=qiangji_permits:64m": "keys_zone=qiangji_permits:1m",
        "keys_zone=qiangji_segments:64m": "keys_zone=qiangji_segments:1m",
    }  # fmt: skip
    for deployed, ours in changes.items():
        assert deployed in text, deployed
        text = text.replace(deployed, ours)
    kind = "store" if store else "disk"
    segments = (DEPLOYED / f"segments-from-{kind}.conf").read_text()
    segments = segments.replace("/var/lib/qiangji/uploads", str(settings.MEDIA_ROOT))
    segments = segments.replace("/BUCKET/", f"/{BUCKET}/").replace(
        "/etc/nginx/qiangji", str(folder)
    )
    (folder / "segments.conf").write_text(segments)
    asked = (DEPLOYED / "store.conf").read_text().replace("store.example.gov.cn", store or "none")
    (folder / "store.conf").write_text(asked)
    return text.replace("127.0.0.1:9000", store or "127.0.0.1:9000")


@contextmanager
def running(live_site: str, folder: Path, *, store: str = "") -> Iterator[Nginx]:
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    assert program, "These tests need nginx: apt-get install nginx"
    port = components.any_free_port()
    (folder / "cache").mkdir()
    site_port = int(live_site.rpartition(":")[2])
    text = on_loopback(port=port, site_port=site_port, folder=folder, store=store)
    config = folder / "nginx.conf"
    temporary = "".join(
        f"{kind}_temp_path {folder / kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;\n" if Path.home() == Path("/root") else ""
    config.write_text(
        f"{user}daemon off; pid {folder}/pid; error_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{ access_log off;\n{temporary}{text}}}\n"
    )
    process = subprocess.Popen([program, "-e", f"{folder}/error.log", "-c", str(config)])
    try:
        assert processes.wait_until(lambda: not components.is_free(port), seconds=10), (
            folder / "error.log"
        ).read_text()
        yield Nginx(port, folder)
    finally:
        process.terminate()
        process.wait(timeout=10)


@pytest.fixture
def nginx(live_site: str, tmp_path: Path) -> Iterator[Nginx]:
    with running(live_site, tmp_path) as server:
        yield server


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
    (folder / "live-slow.m3u8").write_text("#EXTM3U\n")
    (folder / "slide-00001.webp").write_bytes(b"RIFF")
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
    assert headers["CDN-Cache-Control"] == "public, max-age=31536000, immutable"


def test_ranges_live_playlists_and_captions_are_sent_as_the_application_does(nginx, video):
    learner = world.learner()
    session, at = signed_in(learner), prefix(video, learner)

    part = nginx.get(at + "360p-00000.m4s", session=session, Range="bytes=10-19")
    playlist = nginx.get(at + "live.m3u8", session=session)
    thin = nginx.get(at + "live-slow.m3u8", session=session)
    slide = nginx.get(at + "slide-00001.webp", session=session)
    captions = nginx.get(at + "captions-0123456789abcdef.vtt", session=session)

    assert (part[0], part[2]) == (206, SEGMENT[10:20])
    assert (playlist[0], playlist[1]["Cache-Control"]) == (200, "private, no-cache")
    assert thin[1]["Cache-Control"] == "private, no-cache"
    assert thin[1]["CDN-Cache-Control"] == "public, max-age=1"
    assert (slide[0], slide[1]["Content-Type"]) == (200, "image/webp")
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


def test_from_an_object_store_nginx_fetches_a_segment_once_for_all(
    live_site, video, object_store, tmp_path  # noqa: F811
):  # fmt: skip
    learner, other = world.learner(), world.learner()
    host = object_store.removeprefix("http://")
    stored = f"videos/{video.key}/{video.build}/360p-00000.m4s"
    client = boto3.client(
        "s3", endpoint_url=object_store, aws_access_key_id=KEYS["accessKey"],
        aws_secret_access_key=KEYS["secretKey"], region_name="us-east-1",
    )  # fmt: skip
    client.put_object(Bucket=BUCKET, Key=stored, Body=SEGMENT)
    client.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps(READ_FROM_HERE))
    with running(live_site, tmp_path, store=host) as nginx:
        at = prefix(video, learner) + "360p-00000.m4s"

        first = nginx.get(at, session=signed_in(learner))
        client.delete_object(Bucket=BUCKET, Key=stored)
        again = nginx.get(
            prefix(video, other) + "360p-00000.m4s", session=signed_in(other), Range="bytes=10-19"
        )
        leaked = nginx.get(at, session=signed_in(other))
        signed_out = nginx.get(at)
    client.close()

    assert (first[0], first[2]) == (200, SEGMENT)
    assert first[1]["Cache-Control"] == "private, max-age=900, immutable"
    assert (again[0], again[2]) == (206, SEGMENT[10:20])
    assert (leaked[0], signed_out[0]) == (403, 403)
