import pytest

from media.live.timeline import (
    Fragment,
    Stream,
    TakeFragments,
    fragments_listed,
    live_master,
    live_playlist,
    seconds_of,
    thinned,
)

FIRST = TakeFragments("t1-init.mp4", (Fragment("t1-00000.m4s", 2.0), Fragment("t1-00001.m4s", 2.5)))
SECOND = TakeFragments("t2-init.mp4", (Fragment("t2-00000.m4s", 4.0),))


def test_a_lecture_goes_on_after_an_interruption_without_a_gap():
    text = live_playlist([FIRST, TakeFragments("t9-init.mp4", ()), SECOND], is_over=False)

    assert text.splitlines() == [
        "#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-TARGETDURATION:4", "#EXT-X-MEDIA-SEQUENCE:0",
        "#EXT-X-INDEPENDENT-SEGMENTS", "#EXT-X-PLAYLIST-TYPE:EVENT",
        '#EXT-X-MAP:URI="t1-init.mp4"', "#EXTINF:2.000000,", "t1-00000.m4s",
        "#EXTINF:2.500000,", "t1-00001.m4s", "#EXT-X-DISCONTINUITY",
        '#EXT-X-MAP:URI="t2-init.mp4"', "#EXTINF:4.000000,", "t2-00000.m4s",
    ]  # fmt: skip
    assert seconds_of([FIRST, SECOND]) == 8.5


def test_a_lecture_that_is_over_is_closed():
    text = live_playlist([FIRST], is_over=True)

    assert "#EXT-X-PLAYLIST-TYPE:VOD" in text
    assert text.endswith("#EXT-X-ENDLIST\n")


def test_only_finished_fragments_of_ffmpegs_playlist_are_read():
    text = '#EXTM3U\n#EXT-X-MAP:URI="init.mp4"\n#EXTINF:2.000000,\n00000.m4s\n#EXTINF:2.5,\n'

    assert fragments_listed(text) == [Fragment("00000.m4s", 2.0)]


SENT = TakeFragments("t1-init.mp4", tuple(Fragment(f"t1-{n}.m4s", 2.0) for n in range(7)))


def slow(*lengths: float) -> TakeFragments:
    named = (Fragment(f"t1-slow-{n}.m4s", length) for n, length in enumerate(lengths))
    return TakeFragments("t1-slow-init.mp4", tuple(named))


def test_an_open_take_is_as_long_as_its_thin_form_is_so_far():
    assert thinned(SENT, slow(6.0), is_open=True) == [slow(6.0)]


@pytest.mark.parametrize("last", [1.5, 3.0])
def test_a_take_that_is_over_is_as_long_thin_as_it_was_sent(last):
    assert thinned(SENT, slow(6.0, 6.0, last), is_open=False) == [slow(6.0, 6.0, 2.0)]


def test_a_splinter_at_the_end_gives_way_to_the_fragment_before_it():
    (mended,) = thinned(SENT, slow(6.0, 8.0, 0.25), is_open=False)

    assert seconds_of([mended]) == 14.0
    assert all(fragment.seconds > 0 for fragment in mended.fragments)


def test_what_was_not_thinned_comes_as_it_was_sent():
    parts = thinned(SENT, slow(6.0), is_open=False)

    assert parts == [slow(6.0), TakeFragments("t1-init.mp4", SENT.fragments[3:])]
    assert thinned(SENT, slow(), is_open=False)[-1] == SENT


def test_the_master_ranks_the_slow_stream_lowest():
    streams = [
        Stream("live-slow.m3u8", 110_000, "avc1.64001F,mp4a.40.2"),
        Stream("live.m3u8", 2_000_000, "", 1280, 720),
    ]

    assert live_master(streams).splitlines()[3:] == [
        '#EXT-X-STREAM-INF:BANDWIDTH=110000,CODECS="avc1.64001F,mp4a.40.2"', "live-slow.m3u8",
        "#EXT-X-STREAM-INF:BANDWIDTH=2000000,RESOLUTION=1280x720", "live.m3u8",
    ]  # fmt: skip
