"""Judging ffmpeg's playlists, and the master and thumbnail index we write."""

from fractions import Fraction

import pytest

from media import rules
from media.playlists import (
    MediaPlaylist,
    Variant,
    avc_codecs,
    master_playlist,
    playlist_problems,
    read_playlist,
    thumbnail_index,
)

TEXT = """#EXTM3U
#EXT-X-TARGETDURATION:6
#EXT-X-MAP:URI="360p-init.mp4"
#EXTINF:6.000000,
360p-00000.m4s
#EXTINF:2.000000,
360p-00001.m4s
#EXT-X-ENDLIST
"""


def playlist(name: str = "360p", lengths: tuple[float, ...] = (6, 6, 2), **facts) -> MediaPlaylist:
    segments = [(f"{name}-{number:05}.m4s", length) for number, length in enumerate(lengths)]
    sizes = facts.pop("sizes", [1000] * len(lengths))
    return MediaPlaylist(name, f"{name}-init.mp4", segments, facts.pop("closed", True), sizes, 100)


SLOW = rules.slow_rung(1280, 720)
RUNGS = [rules.Rung(name, 640, 360, Fraction(25), 28, 300, "medium") for name in ("360p", "720p")]


def problems(*playlists: MediaPlaylist, seconds: float = 14) -> list[str]:
    return playlist_problems(playlists, seconds=seconds, rungs=[SLOW, *RUNGS])


def test_a_playlist_is_read_with_the_sizes_of_its_files(tmp_path):
    (tmp_path / "360p.m3u8").write_text(TEXT)
    for name, size in (("360p-init.mp4", 10), ("360p-00000.m4s", 600), ("360p-00001.m4s", 100)):
        (tmp_path / name).write_bytes(b"x" * size)

    read = read_playlist(tmp_path / "360p.m3u8")

    assert read.is_closed
    assert read.seconds == 8
    assert read.bytes == 710
    assert read.bandwidth == 800


def test_a_segment_that_is_not_there_is_noticed(tmp_path):
    (tmp_path / "360p.m3u8").write_text(TEXT)

    with pytest.raises(FileNotFoundError):
        read_playlist(tmp_path / "360p.m3u8")


def test_equal_rungs_have_no_problem():
    assert problems(playlist(), playlist("720p"), playlist("audio", (6.01, 5.99, 2.02))) == []


def test_the_end_may_differ_by_a_frame():
    assert problems(playlist(lengths=(6, 6, 2.08)), playlist("720p", (6, 6, 2.04))) == []


def test_the_slow_rung_cuts_at_every_second_cut_and_may_end_a_picture_later():
    assert problems(playlist(), playlist("slow", (12, 2.9))) == []


def test_rungs_cut_elsewhere_are_refused():
    assert "720p: cut elsewhere" in problems(playlist(), playlist("720p", (6.04, 5.96, 2)))[0]
    assert "slow: cut elsewhere" in problems(playlist(), playlist("slow", (6, 6, 2)))[0]


@pytest.mark.parametrize(
    ("broken", "word"),
    [
        (playlist(closed=False), "end mark"),
        (playlist(lengths=(6, 6)), "12.00 s"),
        (playlist(sizes=[1000, 0, 1000]), "empty file"),
    ],
    ids=["open", "short", "empty"],
)
def test_an_unfinished_playlist_is_refused(broken, word):
    assert word in problems(broken)[0]


def test_the_master_says_what_was_measured():
    pictures = [Variant(playlist(sizes=[90_000, 60_000, 5_000]), "avc1.640016", 640, 360, 12.5)]
    sound = Variant(playlist("audio", sizes=[30_000, 30_000, 10_000]), "mp4a.40.2")

    master = master_playlist(pictures=pictures, audio=sound)

    assert "BANDWIDTH=160057,AVERAGE-BANDWIDTH=128686" in master
    assert 'CODECS="avc1.640016,mp4a.40.2",RESOLUTION=640x360,FRAME-RATE=12.500' in master
    assert 'BANDWIDTH=40057,AVERAGE-BANDWIDTH=40057,CODECS="mp4a.40.2",AUDIO="sound"' in master


def test_the_slow_rung_comes_first_and_is_not_ranked_by_its_height():
    pictures = [Variant(playlist("slow"), "avc1.64001F", 1280, 720, 1.0),
                Variant(playlist(), "avc1.640016", 640, 360, 12.5)]  # fmt: skip

    lines = master_playlist(pictures=pictures, audio=None).splitlines()

    assert lines[3].endswith('CODECS="avc1.64001F",FRAME-RATE=1.000')
    assert lines[4::2] == ["slow.m3u8", "360p.m3u8"]


def test_a_silent_video_has_no_audio_group():
    master = master_playlist(pictures=[Variant(playlist(), "avc1.640016", 640, 360)], audio=None)

    assert "AUDIO" not in master


def test_codecs_are_read_from_the_decoder_configuration():
    assert avc_codecs(b"....avcC\x01\x64\x00\x1f\xff") == "avc1.64001F"


def test_thumbnails_fill_sheets_row_by_row():
    index = thumbnail_index(seconds=200, interval=6, width=192, height=108).split("\n\n")

    assert index[1].endswith("sprite-001.jpg#xywh=0,0,192,108")
    assert index[6].endswith("sprite-001.jpg#xywh=0,108,192,108")
    assert index[26].startswith("00:02:30.000 --> 00:02:36.000")
    assert index[26].endswith("sprite-002.jpg#xywh=0,0,192,108")
    assert index[-1].startswith("00:03:18.000 --> 00:03:20.000")
