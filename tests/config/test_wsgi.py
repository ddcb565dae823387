"""Whose address the site sees behind a proxy."""

import runpy
from pathlib import Path

import pytest
from django.conf import settings
from django.test import RequestFactory

WSGI = Path(settings.BASE_DIR) / "config" / "wsgi.py"
OUTSIDE = "8.8.8.8"


@pytest.fixture(autouse=True)
def echo(monkeypatch):
    """A site that answers with the address it believes the client has."""
    monkeypatch.setattr(
        "django.core.wsgi.get_wsgi_application",
        lambda: lambda environ, start: [environ["REMOTE_ADDR"]],
    )


def address_seen(*, peer: str) -> str:
    """What the site takes for the client when `peer` says it forwards for OUTSIDE."""
    application = runpy.run_path(str(WSGI))["application"]
    request = RequestFactory(REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=OUTSIDE).get("/")
    return application(request.environ, None)[0]


def test_a_trusted_proxy_names_the_client(monkeypatch):
    monkeypatch.setenv("TRUSTED_PROXIES", "127.0.0.1, 172.16.0.0/12")

    assert address_seen(peer="127.0.0.1") == OUTSIDE
    assert address_seen(peer="172.17.0.1") == OUTSIDE


def test_nobody_else_names_the_client(monkeypatch):
    monkeypatch.setenv("TRUSTED_PROXIES", "127.0.0.1")

    assert address_seen(peer="10.0.0.9") == "10.0.0.9"


def test_without_proxies_the_header_means_nothing(monkeypatch):
    monkeypatch.delenv("TRUSTED_PROXIES", raising=False)

    assert address_seen(peer="127.0.0.1") == "127.0.0.1"
