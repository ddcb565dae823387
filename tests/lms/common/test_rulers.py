import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.common import rulers

WATCHED = [[0, 730], [880, 1265], [1345, 1680]]
MISSING = [[730, 880], [1265, 1345]]


def shares(markup: str, css: str) -> list[tuple[float, float]]:
    """(x, width) in per cent of every part of a kind."""
    found = re.findall(rf'class="{css}" x="([\d.]+)%".*?width="([\d.]+)%"', markup)
    return [(float(x), float(width)) for x, width in found]


def test_parts_and_gaps_of_a_full_ruler_cover_it_exactly():
    drawn = rulers.ruler(1680, segs=WATCHED, gaps=MISSING)
    together = sorted(shares(drawn, "seg") + shares(drawn, "gap"))
    assert [x for x, _ in together] == pytest.approx([0, 43.45, 52.38, 75.3, 80.06], abs=0.01)
    assert sum(width for _, width in together) == pytest.approx(100, abs=0.05)


def test_a_part_outside_the_ruler_is_cut_to_it():
    drawn = rulers.ruler(100, segs=[[-20, 10], [90, 150], [200, 300]])
    assert shares(drawn, "seg") == [(0, 10), (90, 10)]


def test_an_empty_part_is_not_drawn():
    assert shares(rulers.ruler(50, segs=[[0, 0]]), "seg") == []


def test_a_ruler_of_length_zero_draws_its_track():
    assert 'class="trk"' in rulers.ruler(0, segs=[[0, 10]])


def test_ticks_are_numbered_at_major_steps_and_end_inside_the_ruler():
    drawn = rulers.ruler(50, step=1, major=10)
    assert re.findall(r">(\d+)</text>", drawn) == ["0", "10", "20", "30", "40", "50"]
    assert re.findall(r'text-anchor="(\w+)"', drawn) == ["start", *["middle"] * 4, "end"]
    assert drawn.count("<line") == 51


def test_ticks_of_a_video_are_clock_times():
    step, major = rulers.even_step(1680, "time")
    drawn = rulers.ruler(1680, step=step, major=major, labels="time")
    assert re.findall(r">([\d:]+)</text>", drawn) == [
        "0:00",
        "5:00",
        "10:00",
        "15:00",
        "20:00",
        "25:00",
    ]


@given(st.floats(min_value=0.5, max_value=600))
def test_an_hour_scale_never_crowds(total):
    _step, major = rulers.even_step(total)
    assert total / major <= 6


@given(st.integers(min_value=1, max_value=6 * 3600))
def test_a_time_scale_never_crowds(seconds):
    step, major = rulers.even_step(seconds, "time")
    assert seconds / major <= 6
    assert major % step == 0


def test_a_ruler_with_a_sentence_is_an_image_and_without_one_is_decoration():
    assert 'role="img" aria-label="看过 &quot;一半&quot;"' in rulers.ruler(10, label='看过 "一半"')
    assert 'aria-hidden="true"' in rulers.ruler(10)


def test_need_and_now_are_lines_at_their_place():
    drawn = rulers.ruler(50, need=45, now=12.5)
    assert 'class="need" x1="90%"' in drawn
    assert 'class="now" x1="25%"' in drawn


@pytest.mark.parametrize(
    ("earned", "blocks"),
    [(0, []), (3.7, []), (3.75, ["day-half"]), (75, ["day-on"] * 10), (900, ["day-on"] * 12)],
)
def test_a_day_block_fills_by_halves(earned, blocks):
    drawn = rulers.days(earned, 90, hours_per_day=7.5, label="十二天")
    assert re.findall(r"day-(?:on|half)", drawn) == blocks
    assert drawn.count("<span") == 12


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0:00"), (9.9, "0:09"), (730, "12:10"), (3599, "59:59"), (3725, "1:02:05")],
)
def test_seconds_read_as_a_clock(seconds, words):
    assert rulers.clock_text(seconds) == words


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(min_value=0.01, max_value=1e6))
def test_a_position_stays_on_the_ruler(part, whole):
    assert 0 <= float(rulers.percent(part, whole).rstrip("%")) <= 100


def test_a_ruler_may_begin_later_and_keeps_the_times_of_the_recording():
    drawn = rulers.ruler(
        500, start=60, segs=[[0, 160], [310, 900]], step=60, major=120, labels="time"
    )

    assert shares(drawn, "seg") == [(0, 20), (50, 50)]
    assert re.findall(r">([\d:]+)</text>", drawn) == ["2:00", "4:00", "6:00", "8:00"]
