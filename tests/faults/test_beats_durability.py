"""kill -9 of the web server and an immediate stop of PostgreSQL lose nothing acknowledged."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from config.runtime import answers, components, postgres, processes
from config.runtime.places import BASE_DIR, Places
from media.tokens import issue_viewing_token
from tests.bench.viewings import VIDEO_SECONDS, open_viewings

CONNECTIONS = 48
VIEWINGS = 6000
CLAIM_SECONDS = 1  # a viewing's turn comes round in more than a second
START_SECONDS = 60


@dataclass
class Installation:
    """PostgreSQL and a web server of this test alone."""

    places: Places
    port: int
    web: subprocess.Popen[bytes] | None = None

    def start_web(self) -> None:
        environment = {
            "DATABASE_URL": self.places.database_url,
            "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
            "SECRET_KEY": settings.SECRET_KEY,
        }
        self.web = components.launch(
            components.web_command(self.port),
            log=self.places.log_dir / "web.log",
            mark=str(self.places.run_dir),
            environment=environment,
        )

    def kill_web(self) -> None:
        os.killpg(self.web.pid, signal.SIGKILL)  # the launcher leads a session of its own
        self.web.wait()

    def stop_postgres_at_once(self) -> None:
        """What `pg_ctl stop -m immediate` does: no checkpoint, recovery at the next start."""
        server = postgres.running(self.places)
        processes.end(server, with_signals=(signal.SIGQUIT,), grace_seconds=30)

    def watched(self) -> dict[int, set[int]]:
        with psycopg.connect(self.places.database_url) as session:
            found = session.execute(
                "SELECT id, lower(s), upper(s) FROM media_viewingsession, unnest(watched) s"
            ).fetchall()
        seconds: dict[int, set[int]] = {}
        for viewing, lower, upper in found:
            seconds.setdefault(viewing, set()).update(range(lower, upper))
        return seconds


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    places = Places(tmp_path / "run")
    places.log_dir.mkdir(parents=True)
    postgres.start(places)
    subprocess.run(
        [*(sys.executable, "manage.py", "migrate", "media", "--skip-checks", "--verbosity", "0")],
        cwd=BASE_DIR,
        env={**os.environ, "DATABASE_URL": places.database_url},
        check=True,
    )
    open_viewings(places.database_url, VIEWINGS)
    installed = Installation(places, components.any_free_port())
    installed.start_web()
    assert processes.wait_until(
        lambda: answers.status_of(installed.port, "/beats") == 405, seconds=START_SECONDS
    )
    yield installed
    installed.kill_web()
    postgres.stop(places)


@dataclass
class Burst:
    """Players that send each claim until it is acknowledged, whatever happens in between."""

    port: int
    acknowledged: dict[int, set[int]] = field(default_factory=dict)
    unanswered: int = 0
    asked_to_try_again: int = 0
    next_viewing: int = 1
    is_over: bool = False

    async def run(self) -> None:
        await asyncio.gather(*(self.player() for _ in range(CONNECTIONS)))

    async def player(self) -> None:
        while not self.is_over:
            viewing = self.next_viewing
            self.next_viewing += 1
            request = _request(viewing % VIEWINGS + 1, viewing // VIEWINGS * CLAIM_SECONDS)
            while not await self.is_acknowledged(request):
                await asyncio.sleep(0.05)
            seconds = self.acknowledged.setdefault(viewing % VIEWINGS + 1, set())
            start = viewing // VIEWINGS * CLAIM_SECONDS
            seconds.update(range(start, start + CLAIM_SECONDS))

    async def is_acknowledged(self, request: bytes) -> bool:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return False
        try:
            writer.write(request)
            answer = await reader.read()
        except OSError:
            answer = b""
        finally:
            writer.close()
        if not answer:
            self.unanswered += 1
            return False
        status = int(answer[9:12])
        self.asked_to_try_again += status == 503
        assert status in {200, 503}, answer
        return status == 200


def _request(viewing: int, start: int) -> bytes:
    token = issue_viewing_token(
        viewing_id=viewing,
        person_id=viewing,
        duration_seconds=VIDEO_SECONDS,
        max_rate=1.5,
        session_key="",
        expires_at=datetime.now().astimezone() + timedelta(hours=1),
    )
    body = json.dumps({"token": token, "ranges": [[start, start + CLAIM_SECONDS]]})
    head = (
        "POST /beats HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return (head + body).encode()


async def _acknowledge_more(burst: Burst, beats: int) -> None:
    """Wait until so many more beats are acknowledged: the burst is running again."""
    wanted = sum(map(len, burst.acknowledged.values())) + beats * CLAIM_SECONDS
    async with asyncio.timeout(START_SECONDS):
        while sum(map(len, burst.acknowledged.values())) < wanted:
            await asyncio.sleep(0.02)


def assert_nothing_is_lost(installation: Installation, acknowledged: dict[int, set[int]]) -> None:
    watched = installation.watched()
    lost = {
        viewing: seconds - watched.get(viewing, set())
        for viewing, seconds in acknowledged.items()
        if not seconds <= watched.get(viewing, set())
    }
    assert lost == {}


def test_every_acknowledged_second_survives_both_crashes(installation: Installation):
    burst = Burst(installation.port)

    def acknowledged_now() -> dict[int, set[int]]:
        return {viewing: set(seconds) for viewing, seconds in burst.acknowledged.items()}

    async def crashes() -> None:
        await _acknowledge_more(burst, 300)
        installation.kill_web()
        await asyncio.to_thread(assert_nothing_is_lost, installation, acknowledged_now())
        installation.start_web()
        await _acknowledge_more(burst, 300)

        # The web server stays up: players are told to try again and it heals by itself.
        await asyncio.to_thread(installation.stop_postgres_at_once)
        before = acknowledged_now()
        await asyncio.sleep(0.5)
        await asyncio.to_thread(postgres.start, installation.places)
        await asyncio.to_thread(assert_nothing_is_lost, installation, before)
        await _acknowledge_more(burst, 300)
        burst.is_over = True

    async def both() -> None:
        await asyncio.gather(burst.run(), crashes())

    asyncio.run(both())

    assert burst.unanswered > 0
    assert burst.asked_to_try_again > 0
    # Everything sent was acknowledged in the end, some of it after having been sent twice: the
    # database holds exactly these seconds, each once.
    assert installation.watched() == burst.acknowledged
