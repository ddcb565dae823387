"""A running gate in this process, and ffmpeg as the lecturer's encoder."""

import asyncio
import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta
from threading import Event, Thread

import pytest

from config.runtime import processes
from lms.common.clock import database_now
from media.live import services
from media.live.gate import Gate
from media.models import Livestream
from tests import world
from tests.media import encoding


@pytest.fixture
def gate(transactional_db, uploads) -> Iterator[Gate]:
    gate, loop, ended = Gate(0), asyncio.new_event_loop(), Event()
    serving = loop.create_task(gate.serve())

    def run() -> None:
        asyncio.set_event_loop(loop)
        try:
            loop.run_until_complete(serving)
        except asyncio.CancelledError:
            pending = asyncio.all_tasks(loop)
            loop.run_until_complete(asyncio.gather(*pending, return_exceptions=True))
        finally:
            ended.set()

    Thread(target=run, daemon=True).start()
    assert processes.wait_until(lambda: gate.port != 0, seconds=10)
    yield gate
    loop.call_soon_threadsafe(serving.cancel)
    assert ended.wait(20)
    loop.close()


@pytest.fixture
def livestream(transactional_db) -> Livestream:
    at = database_now()
    return services.announce(
        title="秋季学期第一讲", lecturer="徐建平", owner_unit=world.county(), starts_at=at,
        ends_at=at + timedelta(hours=2), by=None, at=at,
    )  # fmt: skip


@pytest.fixture
def encoder(gate) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """`encoder(name, key, seconds=…)`: sends a test picture in real time, as OBS would."""
    running: list[subprocess.Popen[bytes]] = []

    def send(name: str, key: str, *, seconds: float = 60) -> subprocess.Popen[bytes]:
        running.append(
            encoding.send(f"rtmp://127.0.0.1:{gate.port}/live/{name}?key={key}", seconds=seconds)
        )
        return running[-1]

    yield send
    for process in running:
        process.kill()
        process.wait()
