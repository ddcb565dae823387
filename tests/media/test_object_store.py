"""The same path on an object store: a real SeaweedFS server."""

import http.client
import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files import File
from django.core.files.storage import default_storage

from lms.common.clock import database_now
from media import jobs, services
from media.models import Video
from media.selectors import caption_tracks, delivery_urls
from tests import world
from tests.media.test_delivery import ask

pytestmark = pytest.mark.django_db
KEYS = {"accessKey": "qiangji-test", "secretKey": "qiangji-test-secret"}
BUCKET = "videos"


def free_port() -> int:
    """A port whose gRPC twin, 10,000 above, exists too."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        if port < 50_000:
            return port


def started(folder: Path, port: int) -> subprocess.Popen[bytes]:
    identity = {
        "name": "test",
        "credentials": [KEYS],
        "actions": ["Admin", "Read", "Write", "List"],
    }
    (folder / "s3.json").write_text(json.dumps({"identities": [identity]}))
    weed = shutil.which("weed") or str(Path(os.sys.executable).with_name("weed"))
    return subprocess.Popen(
        [
            *(weed, "server", "-dir", str(folder), "-ip", "127.0.0.1", "-ip.bind", "127.0.0.1"),
            *("-filer", "-filer.disableHttp", "-s3", f"-s3.config={folder / 's3.json'}"),
            *(f"-s3.port={port}", "-s3.autoCreateBucket=false", "-master.telemetry=false"),
            *(
                f"-master.port={free_port()}",
                f"-volume.port={free_port()}",
                f"-filer.port={free_port()}",
            ),
            *("-master.volumeSizeLimitMB=256", "-master.electionTimeout=1s"),
            *("-master.heartbeatInterval=100ms", "-volume.max=20", "-volume.preStopSeconds=0"),
            *("-s3.port.iceberg=0", "-s3.port.lance=0"),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "GOMEMLIMIT": "200MiB"},
    )


@pytest.fixture(scope="module")
def object_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a running SeaweedFS with an empty bucket."""
    port = free_port()
    server = started(tmp_path_factory.mktemp("weed"), port)
    address = f"http://127.0.0.1:{port}"
    client = boto3.client(
        "s3",
        endpoint_url=address,
        aws_access_key_id=KEYS["accessKey"],
        aws_secret_access_key=KEYS["secretKey"],
        region_name="us-east-1",
        config=Config(connect_timeout=1, retries={"max_attempts": 0}),
    )
    deadline = time.monotonic() + 60
    while True:
        try:
            client.create_bucket(Bucket=BUCKET)
            break
        except (BotoCoreError, ClientError):
            assert server.poll() is None, "SeaweedFS does not start"
            assert time.monotonic() < deadline
            time.sleep(0.3)
    yield address
    client.close()
    server.terminate()
    server.wait(timeout=30)


@pytest.fixture
def on_object_store(object_store: str, settings, tmp_path: Path) -> None:
    settings.RUN_DIR = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {
                "bucket_name": BUCKET,
                "endpoint_url": object_store,
                "region_name": "us-east-1",
                "access_key": KEYS["accessKey"],
                "secret_key": KEYS["secretKey"],
                "addressing_style": "path",
                "signature_version": "s3v4",
                "default_acl": None,
                "file_overwrite": False,
                "querystring_auth": True,
            },
        }
    }


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
