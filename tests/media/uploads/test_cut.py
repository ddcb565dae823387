"""On the running site: a line cut in the middle of a piece, and two requests for the same place."""

import http.client
import shutil
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client

from config.runtime import processes
from lms.portal.services import install_site
from media.models import Upload
from tests import world
from tests.media.uploads.conftest import TUS, metadata

pytestmark = pytest.mark.django_db(transaction=True)
MEGABYTE = 1024**2


class Line:
    """One signed-in browser's connection to the site, without a browser's good manners."""

    def __init__(self, address: str) -> None:
        install_site(hostname="localhost", port=80, site_name="强基", headline="学时有据", intro="")
        client = Client()
        client.force_login(world.holder("course_author"))
        parts = urlsplit(address)
        self.host, self.port = parts.hostname or "", parts.port or 0
        self.cookies = (
            f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
            f"; csrftoken={'a' * 32}"
        )
        self.path = "/manage/videos/uploads/"

    def headers(self, **more: str) -> dict[str, str]:
        named = {name.replace("_", "-"): value for name, value in more.items()}
        return TUS | {"Cookie": self.cookies, "X-CSRFToken": "a" * 32} | named

    def ask(self, method: str, body: bytes = b"", **headers: str) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection(self.host, self.port, timeout=30)
        try:
            connection.request(method, self.path, body, self.headers(**headers))
            response = connection.getresponse()
            response.read()
            return response
        finally:
            connection.close()

    def create(self, size: int) -> None:
        answer = self.ask("POST", Upload_Length=str(size), Upload_Metadata=metadata())
        assert answer.status == 201
        self.path = answer.headers["Location"]

    def patch(self, body: bytes, offset: int) -> http.client.HTTPResponse:
        kind = "application/offset+octet-stream"
        return self.ask("PATCH", body, Upload_Offset=str(offset), Content_Type=kind)

    def send_less(self, body: bytes, *, promised: int) -> None:
        """Announce more than is sent, then hang up."""
        lines = self.headers(
            Host=f"{self.host}:{self.port}", Content_Length=str(promised), Upload_Offset="0",
            Content_Type="application/offset+octet-stream",
        )  # fmt: skip
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        with socket.create_connection((self.host, self.port)) as line:
            line.sendall(f"PATCH {self.path} HTTP/1.1\r\n{head}\r\n".encode() + body)

    @property
    def offset(self) -> int:
        return int(self.ask("HEAD").headers["Upload-Offset"])


@pytest.fixture
def line(live_site: str) -> Iterator[Line]:
    yield Line(live_site)
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)


def test_a_cut_line_loses_nothing_that_arrived(line):
    data = bytes(range(256)) * 4096 * 12
    line.create(len(data))

    line.send_less(data[: 10 * MEGABYTE], promised=len(data))

    assert processes.wait_until(lambda: line.offset > 8 * MEGABYTE, seconds=10)
    assert line.offset == 10 * MEGABYTE
    assert line.patch(data[10 * MEGABYTE :], 10 * MEGABYTE).status == 204
    upload = Upload.objects.get()
    arrived = Path(settings.MEDIA_ROOT) / "incoming" / str(upload.key)
    assert arrived.read_bytes() == data


def test_of_two_requests_for_the_same_place_one_is_taken_and_they_never_mix(line):
    ones, twos = b"1" * (20 * MEGABYTE), b"2" * (20 * MEGABYTE)
    line.create(len(ones) + 1)
    answers: list[int] = []

    def send(body: bytes) -> None:
        try:
            answers.append(line.patch(body, 0).status)
        except ConnectionError:  # hung up on while it was still sending
            answers.append(409)

    senders = [threading.Thread(target=send, args=[body]) for body in (ones, twos)]

    for thread in senders:
        thread.start()
    for thread in senders:
        thread.join()

    assert sorted(answers) == [204, 409]
    arrived = (Path(settings.MEDIA_ROOT) / "incoming" / str(Upload.objects.get().key)).read_bytes()
    assert arrived in (ones, twos)
