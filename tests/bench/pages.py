"""Pages at the size of a city: 80,000 persons, 200 packages, two years of entries.

Requests a second, latency, CPU of the whole stack (server, PostgreSQL, Valkey) and queries, beside a
bare Django view on the same server. The seeded database is kept for the next run.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
from django.conf import settings
from psycopg import sql

from config.runtime import components
from config.runtime.places import BASE_DIR
from tests.bench.scratch import administrator, database_url, manage, server

DATABASE = "qiangji_bench_city"
SECONDS, WARM_SECONDS = 6, 2
WORKERS, THREADS = 2, 2


def run() -> dict:
    """Figures of every page, by name, and of the bare view."""
    url = _city()
    facts = json.loads(printed_by(url, "tests.bench.page_facts"))
    with TemporaryDirectory() as folder:
        port = components.any_free_port()
        log = Path(folder) / "server.log"
        command = wsgi_command("tests.bench.plain_view:application", port)
        with server(url, command, port, log=log, ready="/") as leader:
            pages = {
                name: _measured(leader, port, page["path"], page["cookie"])
                | {"queries": page["queries"]}
                for name, page in facts["pages"].items()
            }
            plain = _measured(leader, port, "/plain-view/", "")
    return {
        **pages,
        "plain_view_rps": plain["rps"],
        "plain_view": plain,
        "persons": facts["persons"],
        "packages": facts["packages"],
        "entries": facts["entries"],
        "workers": WORKERS,
    }


def wsgi_command(application: str, port: int) -> list[str]:
    return [
        *(sys.executable, "-m", "granian", application, "--interface", "wsgi"),
        *("--host", "127.0.0.1", "--port", str(port), "--no-ws", "--no-access-log"),
        *("--workers", str(WORKERS), "--blocking-threads", str(THREADS)),
    ]


def _city() -> str:
    """Address of the seeded city; made once, which takes some minutes."""
    url = database_url(DATABASE)
    with administrator() as admin:
        known = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
        if not known:
            admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
    manage(url, "migrate", "--skip-checks", "--verbosity", "0")
    manage(url, "seed", "--scale", "city", "--if-empty", "--json")
    return url


def printed_by(url: str, module: str) -> str:
    """What a module prints, run as a process of its own on that database."""
    return subprocess.run(
        [sys.executable, "-m", module],
        cwd=BASE_DIR,
        env=os.environ | {"DATABASE_URL": url},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout


def _measured(leader: psutil.Process, port: int, path: str, cookie: str) -> dict:
    load(port, path, cookie, WARM_SECONDS)
    stack = [leader, *leader.children(recursive=True), *own_services()]
    before = cpu_seconds_of(stack)
    figures = load(port, path, cookie, SECONDS)
    spent = cpu_seconds_of([*stack, *own_services()]) - before
    return figures | {"cpu_ms": round(spent * 1000 / figures.pop("requests"), 2)}


def load(port: int, path: str, cookie: str, seconds: float, connections: int = 4) -> dict:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "tests.bench.page_load", "--port", str(port)),
            *("--path", path, "--cookie", cookie, "--seconds", str(seconds)),
            *("--connections", str(connections)),
        ],
        cwd=BASE_DIR,
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(done.stdout)


def own_services() -> list[psutil.Process]:
    """PostgreSQL and Valkey of this run directory, with their children."""
    found = []
    for process in psutil.process_iter(["name", "cmdline"]):
        line = " ".join(process.info["cmdline"] or [])
        if str(settings.RUN_DIR) in line and process.info["name"].startswith(
            ("postgres", "valkey")
        ):
            found += [process, *process.children(recursive=True)]
    return found


def cpu_seconds_of(processes: list[psutil.Process]) -> float:
    """CPU seconds so far of these processes, each once, dead children of a parent included."""
    total = 0.0
    for process in set(processes):
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
    return total
