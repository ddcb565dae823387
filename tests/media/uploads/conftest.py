"""Somebody who may upload, and a browser's side of the protocol."""

import base64
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse

from lms.portal.services import install_site
from media.models import Upload
from tests import world

TUS = {"Tus-Resumable": "1.0.0"}


@pytest.fixture(autouse=True)
def site(db):
    """The page tree and what staff groups may do."""
    install_site(hostname="localhost", port=80, site_name="强基", headline="学时有据", intro="")


@pytest.fixture
def author(client):
    person = world.holder("course_author")
    client.force_login(person)
    return person


def metadata(**facts: object) -> str:
    pairs = {"title": "第一讲", "file_name": "第一讲.mp4", "owner_unit": world.town().pk} | facts
    return ",".join(
        f"{name} {base64.b64encode(str(value).encode()).decode()}" for name, value in pairs.items()
    )


@dataclass
class Sender:
    """Sends one file the way a browser does."""

    client: Client
    address: str = ""

    def create(self, size: int, **facts: object):
        headers = TUS | {"Upload-Length": str(size), "Upload-Metadata": metadata(**facts)}
        answer = self.client.post(
            reverse("videos:uploads"), b"", content_type="application/octet-stream", headers=headers
        )
        self.address = answer.headers.get("Location", "")
        return answer

    def patch(self, data: bytes, offset: int, **headers: str):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.patch(
            self.address,
            data,
            content_type="application/offset+octet-stream",
            headers=TUS | {"Upload-Offset": str(offset)} | named,
        )

    def head(self):
        return self.client.head(self.address, headers=TUS)

    @property
    def offset(self) -> int:
        return int(self.head().headers["Upload-Offset"])

    def delete(self):
        return self.client.delete(self.address, headers=TUS)

    def upload(self) -> Upload:
        return Upload.objects.get(key=self.address.rstrip("/").rsplit("/", 1)[-1])


@pytest.fixture
def sender(client, author, uploads) -> Sender:
    return Sender(client)
