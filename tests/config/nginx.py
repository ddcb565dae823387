"""The deployed nginx.conf, run by a real nginx on the loopback before the real site."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from django.conf import settings

from config.runtime import components, processes
from tests.media.object_stores import BUCKET

DEPLOYED = Path("config/deploy")
RTMP_MODULE = Path("/usr/lib/nginx/modules/ngx_rtmp_module.so")


@dataclass
class Nginx:
    port: int
    folder: Path
    rtmp_port: int = 0

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


def on_loopback(
    *, port: int, inner_port: int, site_port: int, folder: Path, store: str = ""
) -> str:
    """The deployed text with other addresses and folders, and without TLS."""
    text = (DEPLOYED / "nginx.conf").read_text()
    text = re.sub(r"server \{\s+listen 80;.*?\n\}\n", "", text, count=1, flags=re.DOTALL)
    text = re.sub(r" +ssl_\w+ .*;\n", "", text)
    changes = {
        "127.0.0.1:8090": f"127.0.0.1:{inner_port}", "training.example.gov.cn": "127.0.0.1",
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


def rtmp_on_loopback(*, port: int, inner_port: int) -> str:
    text = (DEPLOYED / "nginx-rtmp.conf").read_text()
    changes = {
        "listen 1935;": f"listen 127.0.0.1:{port};", "127.0.0.1:8090": f"127.0.0.1:{inner_port}",
        "notify_update_timeout 5s;": "notify_update_timeout 1s;",
    }  # fmt: skip
    for deployed, ours in changes.items():
        assert deployed in text, deployed
        text = text.replace(deployed, ours)
    return text


@contextmanager
def running(
    live_site: str, folder: Path, *, store: str = "", with_rtmp: bool = False
) -> Iterator[Nginx]:
    port, inner_port, rtmp_port = (components.any_free_port() for _ in range(3))
    (folder / "cache").mkdir()
    site_port = int(live_site.rpartition(":")[2])
    text = on_loopback(
        port=port, inner_port=inner_port, site_port=site_port, folder=folder, store=store
    )
    rtmp = rtmp_on_loopback(port=rtmp_port, inner_port=inner_port) if with_rtmp else ""
    with started(text, folder, port=port, beside=rtmp):
        yield Nginx(port, folder, rtmp_port)


@contextmanager
def started(
    http: str, folder: Path, *, port: int, beside: str = ""
) -> Iterator[subprocess.Popen[bytes]]:
    """nginx with these servers, and `beside` its http block, once it listens on the port."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    assert program, "These tests need nginx: apt-get install nginx"
    temporary = "".join(
        f"{kind}_temp_path {folder / kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;\n" if Path.home() == Path("/root") else ""
    config = folder / "nginx.conf"
    config.write_text(
        f"{f'load_module {RTMP_MODULE};' if beside else ''}\n"
        f"{user}daemon off; pid {folder}/pid; error_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{ access_log off;\n{temporary}{http}}}\n{beside}"
    )
    process = subprocess.Popen([program, "-e", f"{folder}/error.log", "-c", str(config)])
    try:
        assert processes.wait_until(lambda: not components.is_free(port), seconds=10), (
            folder / "error.log"
        ).read_text()
        yield process
    finally:
        process.terminate()
        process.wait(timeout=10)
