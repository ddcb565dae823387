"""The ladder and the limits."""

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media import rules

RATE = Fraction(25)


def sizes(width: int, height: int) -> list[tuple[str, int, int]]:
    rungs = rules.ladder(width=width, height=height, frame_rate=RATE)
    return [(rung.name, rung.width, rung.height) for rung in rungs]


def test_a_1080p_source_has_three_rungs_above_the_slow_one():
    assert sizes(1920, 1080) == [
        ("slow", 1280, 720),
        ("360p", 640, 360),
        ("720p", 1280, 720),
        ("1080p", 1920, 1080),
    ]


def test_a_720p_source_has_no_1080p():
    assert [name for name, _, _ in sizes(1280, 720)] == ["slow", "360p", "720p"]


def test_a_4k_source_stops_at_1080p():
    assert sizes(3840, 2160)[-1] == ("1080p", 1920, 1080)


def test_a_small_source_keeps_its_own_size():
    assert sizes(320, 240) == [("slow", 320, 240), ("360p", 320, 240)]


def test_a_source_between_two_rungs_is_not_enlarged():
    assert sizes(854, 480) == [("slow", 854, 480), ("360p", 640, 358), ("720p", 854, 480)]


def test_an_upright_source_stays_upright():
    assert sizes(1080, 1920)[:2] == [("slow", 720, 1280), ("360p", 360, 640)]
    assert sizes(1080, 1920)[2:] == [("720p", 720, 1280), ("1080p", 1080, 1920)]


def test_a_wide_source_of_full_width_counts_as_1080p():
    assert sizes(1920, 800)[-1] == ("1080p", 1920, 800)


@given(width=st.integers(64, 8192), height=st.integers(64, 8192))
def test_no_rung_is_larger_than_its_source_nor_odd(width, height):
    for _, rung_width, rung_height in sizes(width, height):
        assert rung_width <= width
        assert rung_height <= height
        assert rung_width % 2 == rung_height % 2 == 0


@given(rate=st.fractions(min_value=Fraction(1, 10), max_value=120))
def test_every_rung_cuts_at_whole_frames(rate):
    rungs = rules.ladder(width=1920, height=1080, frame_rate=rate)
    fastest = max(rung.frame_rate for rung in rungs)

    for rung in rungs:
        assert (rung.frame_rate * rung.segment_seconds).denominator == 1
        assert rung.segment_seconds % rules.SEGMENT_SECONDS == 0
        assert (fastest / rung.frame_rate).denominator == 1


@pytest.mark.parametrize(
    ("source", "made"),
    [
        ("24000/1001", 24),
        ("30000/1001", 30),
        ("50", 25),
        ("60", 30),
        ("25", 25),
        ("5", 5),
        ("1/10", 2),
    ],
)
def test_frame_rates_become_whole(source, made):
    assert rules.rung_frame_rate(Fraction(source), is_smallest=False) == made


def test_the_smallest_rung_runs_at_half_rate_on_slow_lines():
    assert rules.rung_frame_rate(Fraction(25), is_smallest=True) == Fraction(25, 2)
    assert rules.rung_frame_rate(Fraction(5), is_smallest=True) == 5


def test_a_long_video_has_at_most_300_thumbnails():
    assert rules.sprite_interval(60) == 6
    assert 4 * 3600 / rules.sprite_interval(4 * 3600) <= 300


def test_a_copy_that_broke_off_is_told_from_a_last_frame_missing():
    assert rules.is_cut_short(declared=600, ends=[300])
    assert rules.is_cut_short(declared=600, ends=[])
    assert not rules.is_cut_short(declared=600, ends=[590.0, 599.96])


def test_every_refusal_says_in_chinese_what_to_do():
    for code, sentence in rules.SENTENCES.items():
        assert re.fullmatch(r"[a-z_]{3,40}", code)
        assert re.search(r"请|重试|停下", sentence), code
        assert sentence.endswith("。")
        assert len(sentence) <= 200
