"""The gate killed while an encoder sends: what it brought is kept, and the lecture goes on."""

import shutil
import signal
import subprocess
from datetime import timedelta

import psutil
import pytest
from django.conf import settings

from config.runtime import processes
from lms.common.clock import database_now
from media.live import places, services
from media.models import Livestream, Take
from tests import world
from tests.media import encoding

pytestmark = pytest.mark.django_db(transaction=True)


def until(condition) -> None:
    assert processes.wait_until(condition, seconds=40)


def brought(number: int) -> int:
    take = Take.objects.filter(number=number).first()
    return len(take.fragments) if take else 0


def ended(encoder: subprocess.Popen[bytes]) -> None:
    encoder.kill()
    encoder.wait()


def test_a_killed_gate_loses_no_fragment_it_had_and_takes_the_lecture_up_again(
    ingest, ingest_process, request
):
    at = database_now()
    livestream = services.announce(
        title="秋季学期第一讲", lecturer="", owner_unit=world.county(), starts_at=at,
        ends_at=at + timedelta(hours=1), by=None, at=at,
    )  # fmt: skip
    request.addfinalizer(lambda: shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True))
    key = services.issue_key(livestream=livestream, by=None, at=database_now())
    address = f"{ingest}{livestream.name}?key={key}"
    first = encoding.send(address)
    request.addfinalizer(lambda: ended(first))
    until(lambda: brought(1) >= 1)
    before = brought(1)

    for process in [*psutil.Process(ingest_process.process.pid).children(recursive=True),
                    psutil.Process(ingest_process.process.pid)]:  # fmt: skip
        process.send_signal(signal.SIGKILL)
    ingest_process.process.wait(timeout=10)
    first.wait(timeout=20)
    assert Take.objects.get().ended_at is None
    ingest_process.start()
    until(lambda: Take.objects.filter(number=1, ended_at__isnull=False).exists())
    second = encoding.send(address)
    request.addfinalizer(lambda: ended(second))
    until(lambda: brought(2) >= 1 and Livestream.objects.get().state == "live")

    assert brought(1) >= before
    assert not places.take_folder(Take.objects.get(number=1).key).exists()
