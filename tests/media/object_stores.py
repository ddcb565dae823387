"""A real SeaweedFS server, as fixtures: `object_store` its address, `on_object_store` the storage set to it."""

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

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
    server.kill()  # an orderly end takes a quarter of a minute, and nothing of it is kept
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
