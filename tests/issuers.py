"""Places to sign in elsewhere: a real OpenID provider in a process of its own, and one that lies.

- `issuer`: oidc-provider-mock, started once. `issuer.tell(sub, **claims)` says what it knows of somebody.
- `forger`: ours, one a test. `forger.claims`, `forger.header`, `forger.key` decide what its token says.
"""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit
from wsgiref.simple_server import WSGIRequestHandler, make_server

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from config import env
from config.env import RUN_DIR
from config.runtime import processes

CLIENT_ID = "qiangji"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def configure(settings: Any, monkeypatch: pytest.MonkeyPatch, url: str, claim: str = "") -> None:
    """Make `url` the issuer, as the environment would."""
    monkeypatch.setenv("OIDC_ISSUER", url)
    monkeypatch.setenv("OIDC_CLIENT_ID", CLIENT_ID)
    monkeypatch.setenv("OIDC_CLIENT_SECRET", "a-secret")
    monkeypatch.setenv("OIDC_STAFF_NUMBER_CLAIM", claim)
    settings.OIDC = env.oidc()
    settings.BASE_URL = "http://testserver"


def begin(client: Client) -> str:
    """Press the button of the sign-in page: the address of the issuer one is sent to."""
    return client.post("/accounts/oidc/sso/login/", {"next": "/record/"}).url


@dataclass
class Issuer:
    url: str

    def tell(self, sub: str, **claims: object) -> None:
        answer = requests.put(f"{self.url}/users/{sub}", json=claims, timeout=10)
        assert answer.status_code == 204

    def come_back(self, address: str, sub: str) -> str:
        """Sign in there as `sub`: the address of ours the browser is sent to."""
        answer = requests.post(address, data={"sub": sub}, timeout=10, allow_redirects=False)
        return answer.headers["Location"]


@pytest.fixture(scope="session")
def issuer() -> Iterator[Issuer]:
    port = free_port()
    log = RUN_DIR / "log" / "test-issuer.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)],
            stdout=output,
            stderr=output,
        )
        url = f"http://127.0.0.1:{port}"
        assert processes.wait_until(lambda: _answers(url), seconds=30), log.read_text()
        yield Issuer(url)
        process.terminate()
        process.wait(timeout=10)


def _answers(url: str) -> bool:
    try:
        return requests.get(f"{url}/jwks", timeout=2).ok
    except requests.RequestException:
        return False


@dataclass
class Forger:
    """Answers like a provider, and signs whatever a test wants."""

    url: str = ""
    key: Any = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))
    published: Any = None
    claims: dict[str, Any] = field(default_factory=dict)
    left_out: set[str] = field(default_factory=set)
    algorithm: str | None = "RS256"
    issuer: str = ""
    endpoints: dict[str, str] = field(default_factory=dict)
    answers: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    nonce: str = ""
    asked: list[str] = field(default_factory=list)

    def authorise(self, address: str) -> str:
        """What the browser would bring back: code and state. Notes the nonce we asked with."""
        query = parse_qs(urlsplit(address).query)
        self.nonce = query["nonce"][0]
        return f"{query['redirect_uri'][0]}?code=x&state={query['state'][0]}"

    def token(self) -> str:
        now = int(time.time())
        claims = {
            "iss": self.url, "aud": CLIENT_ID, "sub": "stranger-1", "iat": now, "exp": now + 300,
            "nonce": self.nonce, "email": "wu@example.gov.cn", "email_verified": True,
        } | self.claims  # fmt: skip
        kept = {name: value for name, value in claims.items() if name not in self.left_out}
        key = None if self.algorithm == "none" else self.key
        return jwt.encode(kept, key, algorithm=self.algorithm, headers={"kid": "k1"})

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        path = environ["PATH_INFO"]
        self.asked.append(path)
        if path in self.answers:
            status, body = self.answers[path]
            start_response(status, [("Content-Type", "application/json"), ("Location", "/jwks")])
            return [body]
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(self._answer(path)).encode()]

    def _answer(self, path: str) -> dict[str, Any]:
        if path == "/token":
            return {"access_token": "t", "token_type": "Bearer", "id_token": self.token()}
        if path == "/jwks":
            public = self.published or self.key.public_key()
            jwk = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(public))
            return {"keys": [{**jwk, "kid": "k1", "alg": "RS256", "use": "sig"}]}
        names = {
            "authorization_endpoint": "authorize",
            "token_endpoint": "token",
            "jwks_uri": "jwks",
        }
        found = {name: f"{self.url}/{path}" for name, path in names.items()}
        return {"issuer": self.issuer or self.url, **found, **self.endpoints}


class _Silent(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def forger() -> Iterator[Forger]:
    forger = Forger()
    server = make_server("127.0.0.1", 0, forger, handler_class=_Silent)
    forger.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield forger
    server.shutdown()
    thread.join()
    server.server_close()
