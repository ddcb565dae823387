"""What the check of an upload lets in and what it refuses, each with a code and a sentence."""

import re
from fractions import Fraction
from pathlib import Path

import pytest

from media import rules
from media.probe import VideoRefused, read_facts
from tests.media import clips


def refusal(path: Path, *, max_seconds: int = 14_400) -> VideoRefused:
    with pytest.raises(VideoRefused) as caught:
        read_facts(path, max_seconds=max_seconds)
    assert re.search(r"[一-鿿]{4}", caught.value.sentence)
    return caught.value


def test_a_film_tells_its_size_length_rate_and_sound(short_film):
    facts = read_facts(short_film, max_seconds=60)

    assert (facts.picture.width, facts.picture.height) == (640, 360)
    assert facts.picture.frame_rate == Fraction(25)
    assert facts.seconds == pytest.approx(8, abs=0.1)
    assert facts.has_audio


def test_a_film_turned_upright_by_a_phone_is_upright(shelf, short_film):
    turned = shelf / "turned.mp4"
    clips.ffmpeg("-display_rotation", "90", "-i", str(short_film), "-c", "copy", str(turned))

    picture = read_facts(turned, max_seconds=60).picture

    assert (picture.width, picture.height) == (360, 640)


def test_a_film_without_sound_is_accepted(shelf):
    silent = clips.film(shelf / "silent.mp4", seconds=2, sound=False)

    assert not read_facts(silent, max_seconds=60).has_audio


@pytest.mark.parametrize("name", ["film.mkv", "film.flv", "film.avi", "film.mov"])
def test_common_containers_are_accepted(shelf, short_film, name):
    wrapped = shelf / name
    clips.ffmpeg("-i", str(short_film), "-c", "copy", str(wrapped))

    assert read_facts(wrapped, max_seconds=60).seconds == pytest.approx(8, abs=0.1)


def test_an_empty_file_is_refused(tmp_path):
    empty = tmp_path / "empty.mp4"
    empty.touch()

    assert refusal(empty).code == "empty_file"


def test_a_text_is_refused_whatever_its_name(tmp_path):
    text = tmp_path / "lecture.mp4"
    text.write_text("这是讲稿，不是视频。" * 500)

    assert refusal(text).code == "not_a_video"


@pytest.mark.parametrize("is_moov_first", [False, True], ids=["index at end", "index at start"])
def test_a_truncated_mp4_is_refused(shelf, tmp_path, is_moov_first):
    options = ("-movflags", "+faststart") if is_moov_first else ()
    whole = clips.film(shelf / f"whole-{is_moov_first}.mp4", seconds=12, options=options)
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size * 6 // 10])

    assert refusal(cut).code == "truncated"


@pytest.mark.parametrize(
    "text",
    [
        "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{other}\n#EXT-X-ENDLIST\n",
        "ffconcat version 1.0\nfile '{other}'\n",
        "\ufeff\n#EXTM3U\n#EXTINF:10,\nfile:{other}\n#EXT-X-ENDLIST\n",
    ],
    ids=["m3u8", "concat", "m3u8 behind a mark"],
)
def test_a_playlist_named_mp4_is_refused(tmp_path, short_film, text):
    playlist = tmp_path / "playlist.mp4"
    playlist.write_text(text.format(other=short_film))

    assert refusal(playlist).code == "playlist_file"


def test_a_playlist_in_disguise_reads_no_other_file(tmp_path, short_film):
    """Past our own look at the first bytes, ffprobe's whitelist and the jail still stand."""
    playlist = tmp_path / "playlist.mp4"
    playlist.write_text(f"file '{short_film}'\nfile '{short_film}'\n")

    assert refusal(playlist).code == "not_a_video"


def test_a_header_of_100000_by_100000_is_refused(tmp_path):
    assert refusal(clips.huge_header(tmp_path / "huge.mp4")).code == "picture_too_large"


def test_the_made_header_is_read_when_its_size_is_sane(tmp_path):
    """Proves that the size, not the hand-made file, is what the test above is refused for."""
    assert refusal(clips.huge_header(tmp_path / "sane.mp4", side=640)).code != "picture_too_large"


def test_an_endless_stream_is_refused(tmp_path, short_film):
    assert refusal(clips.endless(tmp_path / "endless.mp4", short_film)).code == "too_long"


def test_a_stream_that_does_not_say_how_long_it_is_is_refused(tmp_path, short_film):
    live = tmp_path / "live.mkv"
    clips.ffmpeg("-i", str(short_film), "-c", "copy", "-live", "1", "-f", "matroska", str(live))

    assert refusal(live).code == "duration_unknown"


def test_a_film_over_the_limit_is_refused(short_film):
    assert refusal(short_film, max_seconds=7).code == "too_long"


def test_sound_alone_is_refused(shelf, short_film):
    sound = shelf / "sound.m4a"
    clips.ffmpeg("-i", str(short_film), "-vn", "-c", "copy", str(sound))

    assert refusal(sound).code == "no_video"


def test_too_many_tracks_are_refused(shelf, short_film):
    many = shelf / "many.mp4"
    tracks = ["-map", "0:a"] * (rules.MAX_STREAMS + 1)
    clips.ffmpeg("-i", str(short_film), "-map", "0:v", *tracks, "-c", "copy", str(many))

    assert refusal(many).code == "too_many_streams"


def test_a_tiny_picture_is_refused(shelf):
    assert refusal(clips.film(shelf / "tiny.mp4", size="48x48")).code == "picture_too_small"


def test_a_rare_codec_is_refused(shelf):
    rare = clips.film(shelf / "rare.mkv", seconds=2, options=("-c:v", "ffv1"))

    assert refusal(rare).code == "codec_refused"


def test_a_rare_container_is_refused(shelf, short_film):
    rare = shelf / "film.mp4.nut"
    clips.ffmpeg("-i", str(short_film), "-c", "copy", str(rare))

    assert refusal(rare).code == "container_refused"
