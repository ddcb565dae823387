from media.live.timeline import Fragment, TakeFragments, fragments_listed, live_playlist, seconds_of

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
