"""The deployed nginx.conf, run by a real nginx before the real site: who is sent a segment."""

import json
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import boto3
import pytest
from django.conf import settings
from django.test import Client

from config.runtime import processes
from courses.catalogue.models import CourseUnit
from lms.common.clock import database_now
from lms.people.models import Person
from media import links
from media.models import Video
from tests import world
from tests.config.nginx import Nginx, running
from tests.media.object_stores import (  # noqa: F401 - fixtures
    BUCKET,
    KEYS,
    object_store,
)

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
