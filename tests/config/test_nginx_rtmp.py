"""The deployed nginx-rtmp.conf, run by a real nginx between real encoders, the site and the gate."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
from django.conf import settings

from config.runtime import processes
from lms.common.clock import database_now
from lms.journal.models import JournalEntry
from media.live import services
from media.models import Livestream, Take
from tests import world
from tests.config.nginx import Nginx, running
from tests.media import encoding

pytestmark = pytest.mark.django_db(transaction=True)

Send = Callable[[str], subprocess.Popen[bytes]]


@pytest.fixture
def nginx(live_site: str, ingest: str, tmp_path: Path) -> Iterator[Nginx]:
    with running(live_site, tmp_path, with_rtmp=True) as server:
        yield server
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)


@pytest.fixture
def send(nginx: Nginx) -> Iterator[Send]:
    """`send("NAME?key=SECRET")`: what a lecturer types into OBS."""
    sending: list[subprocess.Popen[bytes]] = []

    def begin(stream_key: str) -> subprocess.Popen[bytes]:
        sending.append(encoding.send(f"rtmp://127.0.0.1:{nginx.rtmp_port}/live/{stream_key}"))
        return sending[-1]

    yield begin
    for encoder in sending:
        encoder.kill()
        encoder.wait()
    until(lambda: not Take.objects.filter(ended_at__isnull=True).exists())


@pytest.fixture
def livestream(transactional_db) -> Livestream:
    at = database_now()
    return services.announce(
        title="秋季学期第一讲", lecturer="徐建平", owner_unit=world.county(), starts_at=at,
        ends_at=at + timedelta(hours=2), by=None, at=at,
    )  # fmt: skip


def until(condition, seconds: float = 40) -> None:
    assert processes.wait_until(condition, seconds=seconds)


def stream_key(livestream: Livestream) -> str:
    key = services.issue_key(livestream=livestream, by=None, at=database_now())
    return f"{livestream.name}?key={key}"


def state() -> str:
    return Livestream.objects.get().state


def refusals() -> list[tuple[str, str]]:
    rows = JournalEntry.objects.filter(action="live.publishing", outcome="refused")
    return list(rows.order_by("pk").values_list("code", "address"))


def test_an_encoder_publishes_through_nginx_drops_and_goes_on(nginx, send, livestream):
    key = stream_key(livestream)

    first = send(key)
    until(lambda: state() == "live")
    first.kill()
    until(lambda: state() == "interrupted")
    send(key)
    until(lambda: state() == "live")

    takes = Take.objects.order_by("number")
    assert [(take.number, take.address) for take in takes] == [(1, "127.0.0.1"), (2, "127.0.0.1")]
    assert refusals() == []
    assert key.partition("key=")[2] not in (nginx.folder / "error.log").read_text()


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ("{name}?key=guessed", "key_wrong"),
        ("{name}", "key_wrong"),
        ("{name}?key=guessed&{key}", "key_wrong"),
        ("0123456789abcdef?{key}", "name_unknown"),
        ("x?{key}", "name_unknown"),
    ],
)
def test_a_wrong_name_or_key_is_refused_before_a_picture_is_relayed(send, livestream, wrong, code):
    key = stream_key(livestream).partition("?")[2]

    encoder = send(wrong.format(name=livestream.name, key=key))

    assert encoder.wait(timeout=20) != 0
    assert refusals() == [(code, "127.0.0.1")]
    assert not Take.objects.exists()


def test_a_key_is_refused_once_it_is_taken_back(send, livestream):
    key = stream_key(livestream)
    services.revoke_key(livestream=livestream, by=None, at=database_now())

    assert send(key).wait(timeout=20) != 0
    assert [code for code, _address in refusals()] == ["key_wrong"]


def test_a_key_of_an_ended_lecture_publishes_no_more(send, livestream):
    key = stream_key(livestream)
    services.close(livestream=livestream, by=None, at=database_now())

    assert send(key).wait(timeout=20) != 0
    assert [code for code, _address in refusals()] == ["key_wrong"]


def test_a_key_in_use_admits_no_second_encoder(send, livestream):
    key = stream_key(livestream)
    first = send(key)
    until(lambda: state() == "live")

    assert send(key).wait(timeout=20) != 0
    assert [code for code, _address in refusals()] == ["key_in_use"]
    assert first.poll() is None
    assert state() == "live"


def test_taking_a_key_back_stops_the_encoder_that_sends(send, livestream):
    encoder = send(stream_key(livestream))
    until(lambda: state() == "live")

    services.revoke_key(livestream=livestream, by=None, at=database_now())

    assert encoder.wait(timeout=20) != 0
    until(lambda: state() == "interrupted")


def test_nobody_watches_or_asks_past_the_site(nginx, send, livestream, tmp_path):
    key = stream_key(livestream)
    send(key)
    until(lambda: state() == "live")

    watched = encoding.fetch(
        f"rtmp://127.0.0.1:{nginx.rtmp_port}/live/{key}", tmp_path / "stolen.flv"
    )

    assert watched != 0
    assert nginx.get("/encoders/permit/", method="POST")[0] == 404


def test_a_gate_started_anew_has_nginx_drop_the_encoder_which_comes_back(
    send, livestream, ingest_process
):
    key = stream_key(livestream)
    encoder = send(key)
    until(lambda: state() == "live")

    gate = psutil.Process(ingest_process.process.pid)
    processes.end_all([gate, *gate.children(recursive=True)], grace_seconds=10)
    ingest_process.process.wait(timeout=10)
    ingest_process.start()

    assert encoder.wait(timeout=30) != 0
    send(key)
    until(lambda: Take.objects.filter(number=2).exists() and state() == "live")


def test_a_site_that_is_being_restarted_interrupts_no_lecture(send, livestream, site_process):
    encoder = send(stream_key(livestream))
    until(lambda: state() == "live")
    brought = len(Take.objects.get().fragments)

    site_process.stop()

    until(lambda: len(Take.objects.get().fragments) > brought + 2)
    assert encoder.poll() is None
