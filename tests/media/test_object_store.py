"""The same path on an object store: a real SeaweedFS server."""

import http.client
from urllib.parse import urlsplit

import pytest
from django.core.files import File
from django.core.files.storage import default_storage

from lms.common.clock import database_now
from media import jobs, services
from media.models import Video
from media.selectors import caption_tracks, delivery_urls
from tests import world
from tests.media.test_delivery import ask

pytestmark = pytest.mark.django_db


def fetch(url: str) -> tuple[int, bytes]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    try:
        connection.request("GET", f"{parts.path}?{parts.query}")
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def test_a_video_is_kept_transcoded_and_delivered_from_an_object_store(on_object_store, short_film):
    with short_film.open("rb") as file:
        video = services.receive_upload(
            file=File(file),
            name="a.mp4",
            title="第一讲",
            owner_unit=world.town(),
            by=None,
            at=database_now(),
        )
    services.save_captions(
        video=video, data="1\n00:00:01,000 --> 00:00:02,000\n字\n".encode(), language="zh-Hans",
        label="中文", by=None, at=database_now(),
    )  # fmt: skip

    assert jobs.transcode_video(video_id=video.pk, worker="w1")

    video = Video.objects.get(pk=video.pk)
    urls = delivery_urls(
        video=video, captions=caption_tracks(video), viewer=world.learner(), at=database_now()
    )
    master = ask(urls["manifest_url"])
    folder = urls["manifest_url"].removesuffix("master.m3u8")
    assert (master.status, b"360p.m3u8" in master.body) == (200, True)
    assert b"360p-00001.m4s" in ask(folder + "360p.m3u8").body
    assert "字" in ask(urls["captions"][0]["url"]).body.decode()
    segment = ask(folder + "360p-00001.m4s")
    assert segment.status == 307
    status, data = fetch(segment.headers["location"])
    assert (status, data[4:8]) == (200, b"styp")
    assert ask(folder + "unknown.m3u8").status == 404


def test_a_presigned_address_opens_nothing_but_its_file(on_object_store, short_film):
    with short_film.open("rb") as file:
        name = default_storage.save("videos/x/y/360p-00000.m4s", File(file))
    url = default_storage.url(name, expire=60)

    assert fetch(url)[0] == 200
    assert fetch(url.replace("360p-00000", "360p-00001"))[0] == 403
    assert fetch(url.split("?")[0])[0] == 403
