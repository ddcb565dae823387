"""Segments to viewers: our nginx with its permits, a bare nginx, and the site without nginx.

The generator shares the cores, so `rps` also says what asking costs; what a segment costs the servers is
in `cpu_us`, the processor time of all processes that had a part in it.
`permit` is the question that our nginx asks once a minute for each viewer, asked every time.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from config.runtime import components
from config.runtime.places import BASE_DIR
from tests.bench.pages import cpu_seconds_of, own_services
from tests.bench.scratch import scratch_database, server
from tests.config import nginx

VIEWERS, SEGMENTS, SEGMENT_BYTES = 64, 40, 55_500  # 6 s of the 720p rung (ADR 0024)
SECONDS, WARM_SECONDS = 6, 1
ROUNDS = 3  # each way in turn; the cheapest counts, for other work on the machine only adds


def run() -> dict:
    with scratch_database("segments") as url:
        facts = _facts(url)
        try:
            figures = _measured_all(url, facts)
        finally:
            shutil.rmtree(Path(facts["folder"]).parent)
    ours, bare = figures["nginx_with_permits"], figures["nginx_bare"]
    return {
        "rps": ours["rps"], "mb_s": ours["mb_s"],
        "nginx_rps": bare["rps"], "nginx_mb_s": bare["mb_s"],
        **figures,
        "rps_to_bare": round(ours["rps"] / bare["rps"], 2),
        "cpu_to_bare": round(ours["cpu_us"] / bare["cpu_us"], 2),
        "cpu_of_python_to_ours": round(figures["site_alone"]["cpu_us"] / ours["cpu_us"], 1),
        "viewers": VIEWERS, "segment_bytes": SEGMENT_BYTES,
    }  # fmt: skip


def _facts(url: str) -> dict:
    sizes = [str(number) for number in (VIEWERS, SEGMENTS, SEGMENT_BYTES)]
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.segment_facts", *sizes],
        cwd=BASE_DIR, env=os.environ | {"DATABASE_URL": url}, stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    facts: dict = json.loads(done.stdout)
    return facts


def _measured_all(url: str, facts: dict) -> dict:
    site_port, bare_port = components.any_free_port(), components.any_free_port()
    signed = [
        [_head(viewer["prefix"] + name, viewer["cookie"]) for name in facts["names"]]
        for viewer in facts["viewers"]
    ]
    plain = [[_head(f"/{name}") for name in facts["names"]]] * VIEWERS
    asked = [[_permit(viewer, facts["build"])] for viewer in facts["viewers"]]
    with (
        TemporaryDirectory() as one, TemporaryDirectory() as other,
        server(url, components.web_command(site_port), site_port, log=Path(one) / "site.log",
               ready="/healthz") as site,
        nginx.running(f"http://127.0.0.1:{site_port}", Path(one)) as ours,
        nginx.started(_bare(bare_port, facts["folder"]), Path(other), port=bare_port) as bare,
    ):  # fmt: skip
        before_site = [psutil.Process(int((Path(one) / "pid").read_text())), site]
        ways = {
            "nginx_with_permits": (before_site, ours.port, signed),
            "nginx_bare": ([psutil.Process(bare.pid)], bare_port, plain),
            "site_alone": ([site], site_port, signed),
        }
        rounds = [{name: _measured(*way) for name, way in ways.items()} for _ in range(ROUNDS)]
        best = {name: min((each[name] for each in rounds), key=_cost) for name in ways}
        return best | {"permit": _measured([site], site_port, asked, status=204)}


def _cost(figures: dict) -> float:
    return float(figures["cpu_us"])


def _bare(port: int, folder: str) -> str:
    return f"server {{ listen 127.0.0.1:{port}; root {folder}; }}\n"


def _head(path: str, cookie: str = "", extra: str = "") -> str:
    signed_in = f"Cookie: {cookie}\r\n" if cookie else ""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{signed_in}{extra}\r\n"


def _permit(viewer: dict, build: str) -> str:
    token = viewer["prefix"].rstrip("/").split("/")[-2]
    link = f"X-Link-Token: {token}\r\nX-Link-Build: {build}\r\nX-Qiangji-Passive: 1\r\n"
    return _head("/videos/permit/", viewer["cookie"], link)


def _measured(
    leaders: list[psutil.Process], port: int, viewers: list[list[str]], status: int = 200
) -> dict:
    _load(port, viewers, status, WARM_SECONDS)
    stack = [each for leader in leaders for each in (leader, *leader.children(recursive=True))]
    before = cpu_seconds_of([*stack, *own_services()])
    figures = _load(port, viewers, status, SECONDS)
    spent = cpu_seconds_of([*stack, *own_services()]) - before
    return figures | {"cpu_us": round(spent * 1e6 / figures.pop("requests"), 1)}


def _load(port: int, viewers: list[list[str]], status: int, seconds: float) -> dict:
    asked = {"port": port, "seconds": seconds, "status": status, "viewers": viewers}
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.segment_load"],
        cwd=BASE_DIR, input=json.dumps(asked).encode(), stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    figures: dict = json.loads(done.stdout)
    return figures
