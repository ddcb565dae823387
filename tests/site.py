"""The site as it really runs: Granian and a Celery worker, on the test database."""

import os
import socket
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from config.env import RUN_DIR
from config.runtime import answers, components, processes
from tests import pristine

START_SECONDS = 60
QUEUES = ("default", "transcode", "export")


@dataclass
class Running:
    """A server process of the test run. Restarted by the fixtures if a test killed it."""

    command: list[str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    port: int = field(default=0)
    environment: dict[str, str] = field(default_factory=dict)

    def is_dead(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def start(self) -> None:
        if not self.is_dead():
            return
        self.process = components.launch(
            self.command,
            log=self.log,
            mark=pristine.TEST_RUN_MARK,
            environment={
                "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
                "DATABASE_URL": pristine.database_url(),
                "DATABASE_CONNECTION_SECONDS": "0",
                "RUN_DIR": str(RUN_DIR),
                **self.environment,
            },
        )

    def start_until(self, is_ready: Callable[[], bool]) -> None:
        """Start if need be and wait; the log says why when it does not come up."""
        self.start()
        settled = processes.wait_until(lambda: self.is_dead() or is_ready(), seconds=START_SECONDS)
        if not settled or self.is_dead():
            pytest.fail(f"{self.log.stem} does not start\n{self.log_tail()}", pytrace=False)

    def stop(self) -> None:
        if self.process is None:
            return
        leader = psutil.Process(self.process.pid) if self.process.poll() is None else None
        family = [leader, *leader.children(recursive=True)] if leader else []
        processes.end_all(family, grace_seconds=10)
        self.process.wait(timeout=10)
        self.process = None

    def log_tail(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")[-3000:]


@pytest.fixture(scope="session")
def site_process(django_db_setup, ingest_process: Running) -> Iterator[Running]:
    port = components.any_free_port()
    log = RUN_DIR / "log" / "test-web.log"
    gate = {"LIVE_GATE": f"rtmp://127.0.0.1:{ingest_process.port}/live/"}
    site = Running(components.web_command(port), log, port=port, environment=gate)
    yield site
    site.stop()


@pytest.fixture
def live_site(transactional_db, site_process: Running) -> str:
    """Address of the running site, without a closing slash: `http://127.0.0.1:PORT`."""
    site_process.start_until(lambda: answers.status_of(site_process.port, "/healthz") == 200)
    return f"http://127.0.0.1:{site_process.port}"


@pytest.fixture(scope="session")
def strict_process(django_db_setup, issuer) -> Iterator[Running]:
    """A second site under the rules of production: a second factor, one session, an issuer to sign in at."""
    port = components.any_free_port()
    # Passkeys belong to a name, never to an address: localhost, not 127.0.0.1.
    address = f"http://localhost:{port}"
    rules = {
        "BASE_URL": address, "SECOND_FACTOR_REQUIRED": "yes", "ONE_SESSION_PER_ACCOUNT": "yes",
        "OIDC_ISSUER": issuer.url, "OIDC_CLIENT_ID": "qiangji", "OIDC_CLIENT_SECRET": "a-secret",
    }  # fmt: skip
    log = RUN_DIR / "log" / "test-strict.log"
    site = Running(components.web_command(port), log, port=port, environment=rules)
    yield site
    site.stop()


@pytest.fixture
def strict_site(transactional_db, strict_process: Running) -> str:
    """Address of that site, by name: `http://localhost:PORT`."""
    strict_process.start_until(lambda: answers.status_of(strict_process.port, "/healthz") == 200)
    return f"http://localhost:{strict_process.port}"


@pytest.fixture(scope="session")
def ingest_process(django_db_setup) -> Iterator[Running]:
    port = components.any_free_port()
    running = Running(
        components.ingest_command(port), RUN_DIR / "log" / "test-ingest.log", port=port
    )
    yield running
    running.stop()


@pytest.fixture
def ingest(transactional_db, ingest_process: Running) -> str:
    """Where encoders publish: `rtmp://127.0.0.1:PORT/live/`."""

    def listens() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", ingest_process.port)) == 0

    ingest_process.start_until(listens)
    return f"rtmp://127.0.0.1:{ingest_process.port}/live/"


@pytest.fixture(scope="session")
def worker_process(django_db_setup) -> Iterator[Running]:
    running = Running(components.worker_command(), RUN_DIR / "log" / "test-worker.log")
    yield running
    running.stop()


@pytest.fixture
def worker(transactional_db, worker_process: Running) -> Iterator[Running]:
    """A Celery worker that does what the test, or the site it drives, queues. No beat."""
    queue = pristine.queue_server()
    queue.delete(*QUEUES)
    if worker_process.is_dead():
        worker_process.log.unlink(missing_ok=True)
        worker_process.start_until(lambda: b" ready." in worker_process.log.read_bytes())
    yield worker_process
    queue.delete(*QUEUES)
    # A job still running would write into the next test's database.
    if not processes.wait_until(lambda: not queue.hlen("unacked"), seconds=20):
        worker_process.stop()
        queue.delete("unacked", "unacked_index")
    queue.close()
