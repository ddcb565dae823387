"""Real ffmpeg sends by RTMP; nothing here is faked."""

import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from select import select
from threading import Thread

import psutil
import pytest
from django.core.files.storage import default_storage

from config.runtime import processes
from lms.common.clock import database_now
from lms.common.confinement import GIGABYTE
from lms.journal.models import JournalEntry
from media import probe
from media.live import places, publishing, replay, services
from media.models import Livestream, Take
from tests.media import clips, encoding


def playlist(livestream: Livestream) -> str:
    path = Path(default_storage.path(places.stored(livestream, places.PLAYLIST)))
    return path.read_text() if path.exists() else ""


def fragments(livestream: Livestream) -> int:
    return playlist(livestream).count("#EXTINF")


def state(livestream: Livestream) -> str:
    return Livestream.objects.get(pk=livestream.pk).state


def until(condition, seconds: float = 30) -> None:
    assert processes.wait_until(condition, seconds=seconds)


def key_of(livestream: Livestream) -> str:
    return services.issue_key(livestream=livestream, by=None, at=database_now())


def refusals() -> list[str]:
    rows = JournalEntry.objects.filter(action="live.publishing", outcome="refused")
    return list(rows.order_by("pk").values_list("code", flat=True))


def test_a_lecture_survives_its_encoder_and_ends_as_one_timeline(livestream, encoder, tmp_path):
    key = key_of(livestream)

    first = encoder(livestream.name, key)
    until(lambda: fragments(livestream) >= 2)
    until(lambda: state(livestream) == "live")
    first.kill()
    until(lambda: state(livestream) == "interrupted")
    encoder(livestream.name, key)
    until(lambda: "#EXT-X-DISCONTINUITY" in playlist(livestream))
    until(lambda: state(livestream) == "live")
    services.close(livestream=livestream, by=None, at=database_now())
    until(lambda: not any(places.take_folder("x").parent.iterdir()))

    text = playlist(livestream)
    assert text.endswith("#EXT-X-ENDLIST\n")
    assert text.count("#EXT-X-DISCONTINUITY") == 1
    livestream.refresh_from_db()
    seconds = sum(s for take in livestream.takes.all() for _name, s in take.fragments)
    assert livestream.video.duration_seconds == int(seconds)
    whole = tmp_path / "whole.mp4"
    local = default_storage.path(places.stored(livestream, places.PLAYLIST))
    clips.ffmpeg("-i", local, "-c", "copy", str(whole))
    assert abs(length_of(whole) - seconds) < 1


def length_of(path) -> float:
    done = subprocess.run(
        [clips.program_path("ffprobe"), "-v", "error", "-show_entries", "format=duration", "-of",
         "csv=p=0", str(path)], check=True, capture_output=True, text=True,
    )  # fmt: skip
    return float(done.stdout)


@pytest.mark.parametrize("wrong", ["key", "name", "revoked", "ended", "too_early"])
def test_wrong_names_and_keys_never_reach_ffmpegs_files(livestream, encoder, wrong):
    key, name = key_of(livestream), livestream.name
    if wrong == "key":
        key = key[::-1]
    elif wrong == "name":
        name = "0" * 16
    elif wrong == "revoked":
        services.revoke_key(livestream=livestream, by=None, at=database_now())
    elif wrong == "ended":
        services.close(livestream=livestream, by=None, at=database_now())
    else:
        Livestream.objects.filter(pk=livestream.pk).update(
            starts_at="2099-01-01T00:00Z", ends_at="2099-01-01T02:00Z"
        )

    process = encoder(name, key, seconds=30)

    assert process.wait(timeout=25) != 0
    codes = {"name": "name_unknown", "too_early": "not_in_time"}
    until(lambda: refusals() == [codes.get(wrong, "key_wrong")])
    assert not Take.objects.exists()
    assert not default_storage.exists(places.stored(livestream, places.PLAYLIST))


def test_a_key_in_use_admits_no_second_encoder(livestream, encoder):
    key = key_of(livestream)
    first = encoder(livestream.name, key)
    until(lambda: fragments(livestream) >= 1)

    second = encoder(livestream.name, key, seconds=30)

    assert second.wait(timeout=25) != 0
    assert refusals() == ["key_in_use"]
    assert first.poll() is None
    assert Take.objects.count() == 1


def test_taking_a_key_back_cuts_a_sending_encoder_off(livestream, encoder):
    first = encoder(livestream.name, key_of(livestream))
    until(lambda: fragments(livestream) >= 1)

    services.revoke_key(livestream=livestream, by=None, at=database_now())

    assert first.wait(timeout=20) != 0
    until(lambda: state(livestream) == "interrupted")


def test_who_does_not_speak_rtmp_is_shown_the_door(gate):
    with socket.create_connection(("127.0.0.1", gate.port), timeout=10) as visitor:
        visitor.sendall(b"GET / HTTP/1.1\r\n\r\n")

        assert visitor.recv(10) == b""


def test_a_take_ends_once_however_often_it_is_told(livestream, encoder):
    encoder(livestream.name, key_of(livestream))
    until(lambda: fragments(livestream) >= 1)
    take = Take.objects.select_related("livestream__video").get()

    services.end_take(take=take, at=database_now())
    services.end_take(take=take, at=database_now())

    assert JournalEntry.objects.filter(action="live.interrupted").count() == 1
    assert state(livestream) == "interrupted"


def test_the_listener_is_confined_like_a_transcode(livestream, encoder):
    sending = encoder(livestream.name, key_of(livestream))
    until(lambda: fragments(livestream) >= 1)

    listeners = [
        child for child in psutil.Process().children(recursive=True)
        if child.pid != sending.pid
        and child.status() != psutil.STATUS_ZOMBIE
        and "-listen" in child.cmdline()
    ]  # fmt: skip

    (listener,) = listeners
    assert listener.nice() >= 10
    assert listener.rlimit(psutil.RLIMIT_AS) == (2 * GIGABYTE, 2 * GIGABYTE)
    assert listener.environ() == {"LC_ALL": "C.UTF-8", "PATH": ""}


@pytest.mark.parametrize("cut", [400_011, 533_333, 707_777])
def test_a_stream_cut_in_the_middle_of_a_packet_is_a_replay_up_to_the_cut(
    livestream, gate, encoder, cut
):
    """The cut is made on the line, at a byte of its own; the encoder sees the line go."""
    with cut_line(gate.port, after=cut) as port:
        address = f"rtmp://127.0.0.1:{port}/live/{livestream.name}?key={key_of(livestream)}"
        sending = encoding.send(address)
        sending.wait(timeout=40)
    until(lambda: state(livestream) == "interrupted")
    until(lambda: not any(places.take_folder("x").parent.iterdir()))
    services.close(livestream=livestream, by=None, at=database_now())
    publishing.write_playlist(livestream=Livestream.objects.get(pk=livestream.pk))

    video = replay.make_source(livestream_id=livestream.pk, at=database_now())

    assert playlist(livestream).endswith("#EXT-X-ENDLIST\n")
    facts = probe.read_facts(Path(video.source.path), max_seconds=3600)
    assert facts.seconds >= 1
    assert abs(facts.seconds - video.duration_seconds) <= 1.1


@contextmanager
def cut_line(port: int, *, after: int) -> Iterator[int]:
    """A line to `port` that breaks after so many bytes of the sender."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        thread = Thread(target=carry, args=(door, port, after))
        thread.start()
        yield door.getsockname()[1]
        thread.join(timeout=20)


def carry(door: socket.socket, port: int, after: int) -> None:
    sender, _address = door.accept()
    with sender, socket.create_connection(("127.0.0.1", port)) as inner:
        while after and (ready := select([sender, inner], [], [])[0]):
            if inner in ready:
                sender.sendall(inner.recv(65536))
            if sender in ready:
                data = sender.recv(min(65536, after))
                inner.sendall(data)
                after -= len(data)


def test_the_recording_becomes_a_source_as_long_as_its_timeline(livestream, encoder):
    key = key_of(livestream)
    first = encoder(livestream.name, key)
    until(lambda: fragments(livestream) >= 2)
    first.kill()
    until(lambda: state(livestream) == "interrupted")
    encoder(livestream.name, key)
    until(lambda: "#EXT-X-DISCONTINUITY" in playlist(livestream))
    services.close(livestream=livestream, by=None, at=database_now())
    until(lambda: not any(places.take_folder("x").parent.iterdir()))

    video = replay.make_source(livestream_id=livestream.pk, at=database_now())
    again = replay.make_source(livestream_id=livestream.pk, at=database_now())

    assert again is None
    assert video.state == "queued"
    # Whole seconds, rounded down, and the last picture lasts a little beyond its time.
    assert -0.1 < length_of(video.source.path) - video.duration_seconds < 1.1
    facts = probe.read_facts(Path(video.source.path), max_seconds=3600)
    assert facts.has_audio
