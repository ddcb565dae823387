"""What a learner on a thin line gets while the lecture is spoken; real ffmpeg on both ends."""

import re
from pathlib import Path

import pytest
from django.core.files.storage import default_storage

from config.runtime import processes
from lms.common.clock import database_now
from media.live import places, services
from media.live.selectors import live_urls
from media.models import Livestream, Take
from tests import world
from tests.media import clips


def path(livestream: Livestream, name: str) -> Path:
    return Path(default_storage.path(places.stored(livestream, name)))


def text(livestream: Livestream, name: str) -> str:
    found = path(livestream, name)
    return found.read_text() if found.exists() else ""


def until(condition, seconds: float = 60) -> None:
    assert processes.wait_until(condition, seconds=seconds)


def seconds_of(playlist: str) -> float:
    return sum(float(length) for length in re.findall(r"#EXTINF:([\d.]+)", playlist))


def ended(livestream: Livestream) -> None:
    services.close(livestream=livestream, by=None, at=database_now())
    until(lambda: not any(places.take_folder("x").parent.iterdir()))


def test_a_lecture_is_offered_slow_and_as_sound_on_the_same_timeline(livestream, encoder):
    key = services.issue_key(livestream=livestream, by=None, at=database_now())
    first = encoder(livestream.name, key)
    until(lambda: text(livestream, "live-slow.m3u8").count("#EXTINF") >= 2)
    first.kill()
    until(lambda: Livestream.objects.get(pk=livestream.pk).state == "interrupted")
    encoder(livestream.name, key)
    until(lambda: "#EXT-X-DISCONTINUITY" in text(livestream, "live-audio.m3u8"))
    ended(livestream)

    master = text(livestream, places.MASTER)
    assert re.findall(r"^live.*", master, re.MULTILINE) == [
        "live-slow.m3u8", "live.m3u8", "live-audio.m3u8",
    ]  # fmt: skip
    slow, source = re.findall(r"BANDWIDTH=(\d+)", master)[:2]
    assert int(slow) < int(source)
    assert 'CODECS="mp4a.40.2"' in master
    assert "RESOLUTION=640x360\nlive.m3u8" in master
    whole = seconds_of(text(livestream, "live.m3u8"))
    for name in ("live-slow.m3u8", "live-audio.m3u8"):
        playlist = text(livestream, name)
        assert playlist.endswith("#EXT-X-ENDLIST\n")
        assert playlist.count("#EXT-X-DISCONTINUITY") == 1
        assert seconds_of(playlist) == pytest.approx(whole, abs=0.01)
        said = clips.ffmpeg("-i", str(path(livestream, name)), "-f", "null", "-")
        assert ("Video: h264" in said) == (name == "live-slow.m3u8")
        assert "Audio: aac" in said


def test_players_are_told_of_it_once_it_is_there(livestream, encoder):
    viewer, at = world.learner(), database_now()

    before = live_urls(livestream=livestream, viewer=viewer, at=at)
    encoder(livestream.name, services.issue_key(livestream=livestream, by=None, at=at))
    until(lambda: text(livestream, places.MASTER) != "")
    after = live_urls(livestream=livestream, viewer=viewer, at=at)

    assert before["manifest_url"].endswith("/live.m3u8")
    assert before["audio_url"] == ""
    assert after["manifest_url"].endswith("/live-master.m3u8")
    assert after["audio_url"].endswith("/live-audio.m3u8")


def test_it_can_be_switched_off(livestream, encoder, settings):
    settings.QIANGJI = {**settings.QIANGJI, "LIVE_THIN": False}

    encoder(livestream.name, services.issue_key(livestream=livestream, by=None, at=database_now()))
    until(lambda: text(livestream, "live.m3u8").count("#EXTINF") >= 4)

    assert Take.objects.get().thin == {}
    assert not path(livestream, places.MASTER).exists()


def test_a_lecture_goes_on_when_what_thins_it_dies(livestream, encoder, monkeypatch):
    monkeypatch.setattr(
        "media.live.thinning.thinning_arguments", lambda folder, has_sound: ["-nonsense"]
    )

    encoder(livestream.name, services.issue_key(livestream=livestream, by=None, at=database_now()))
    until(lambda: text(livestream, "live.m3u8").count("#EXTINF") >= 4)
    ended(livestream)

    assert text(livestream, "live.m3u8").endswith("#EXT-X-ENDLIST\n")
    assert Take.objects.get().thin == {}
