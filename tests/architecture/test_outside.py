"""What the product asks of the world outside, and which pictures it takes from it (security 12, 14)."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import NoReverseMatch, reverse

from lms.portal.services import install_site
from tests import world

ROOT = Path(__file__).resolve().parents[2]
CLIENTS = {"requests", "httpx", "aiohttp", "urllib3", "urllib.request", "http.client", "ftplib", "smtplib"}  # fmt: skip
# Asks the configured issuer alone: no redirects, a time and a size for every answer.
ASKING = {"lms/people/oidc.py"}


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{one.name}" for one in node.names)


def test_one_module_alone_asks_other_servers():
    asking = {
        str(path.relative_to(ROOT))
        for room in ("lms", "courses", "media")
        for path in (ROOT / room).rglob("*.py")
        if CLIENTS & set(imported(path))
    }

    assert asking == ASKING


@pytest.mark.django_db
def test_nobody_sends_pictures_in_and_none_is_made_to_measure_by_address(client):
    """No page takes images; should one ever, their size is capped before they are opened."""
    install_site(hostname="localhost", port=80, site_name="强基", headline="学时有据", intro="")
    client.force_login(world.holder("publisher"))

    for name in ("index", "add", "add_multiple"):
        assert client.get(reverse(f"wagtailimages:{name}")).status_code == 404
    with pytest.raises(NoReverseMatch):
        reverse("wagtailimages_serve", args=["signature", 1, "max-10000x10000"])
    assert settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS <= 40_000_000
