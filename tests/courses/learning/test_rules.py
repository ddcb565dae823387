from decimal import Decimal

import pytest

from courses.learning.rules import arithmetic_of, band_in_words, clock, coverage_of, rule_in_words
from lms.credits.rules import rules_from
from tests.world import RULES

RULE = rules_from(RULES)


def test_coverage_of_the_mockups_lecture():
    coverage = coverage_of([(0, 730), (880, 1265), (1345, 1680)], 1680, RULE)

    assert (coverage.covered_seconds, coverage.needed_seconds) == (1450, 1512)
    assert coverage.missing == [(730, 880), (1265, 1345)]
    assert (coverage.short_seconds, coverage.is_enough) == (62, False)
    assert coverage.percent == 86


def test_an_empty_video_is_never_enough():
    assert not coverage_of([], 0, RULE).is_enough


@pytest.mark.parametrize(
    ("seconds", "words"), [(2400, " 30 分钟以上"), (1680, " 15–30 分钟"), (600, " 15 分钟以内")]
)
def test_bands_in_words(seconds, words):
    assert band_in_words(seconds, RULE) == words


def test_the_sum_of_a_short_viewing_ends_with_what_is_missing():
    coverage = coverage_of([(0, 1450)], 1680, RULE)

    assert arithmetic_of(coverage, Decimal("0.9"), "")[-1] == ["25:12 − 24:10", "还差 1:02"]


def test_the_rule_reads_as_a_sentence():
    assert rule_in_words(RULE) == (
        "单元视频看满 90% 记学时：视频满 30 分钟记 1 学时；超过 15 分钟、不足 30 分钟记 0.5 学时；"
        "15 分钟及以下记 0.25 学时。网络学习每天最多记 10 学时。"
    )


def test_times_past_an_hour_show_hours():
    assert [clock(9), clock(754), clock(3754)] == ["0:09", "12:34", "1:02:34"]


@pytest.mark.parametrize(
    ("watched", "has_gap"),
    [
        ([], False),
        ([(0, 300)], False),
        ([(0, 600)], False),
        ([(30, 600)], True),
        ([(0, 100), (200, 300)], True),
    ],
)
def test_a_gap_is_a_missing_part_before_something_watched(watched, has_gap):
    assert coverage_of(watched, 600, RULE).has_gap is has_gap


def test_of_a_trimmed_recording_only_what_was_kept_counts():
    coverage = coverage_of([(0, 100), (200, 290), (550, 600)], 600, RULE, span=(60, 560))

    assert coverage.watched == [(60, 100), (200, 290), (550, 560)]
    assert (coverage.duration_seconds, coverage.covered_seconds) == (500, 140)
    assert coverage.needed_seconds == 450
    assert coverage.missing == [(100, 200), (290, 550)]
    assert coverage.has_gap


def test_watching_past_the_ends_of_the_span_neither_helps_nor_harms():
    inside = coverage_of([(60, 560)], 600, RULE, span=(60, 560))
    beyond = coverage_of([(0, 600)], 600, RULE, span=(60, 560))

    assert beyond == inside
    assert beyond.is_enough
    assert (beyond.percent, beyond.missing) == (100, [])


def test_the_band_follows_the_length_that_is_left():
    whole, trimmed = coverage_of([], 1800, RULE), coverage_of([], 1800, RULE, span=(0, 1799))

    assert whole.band_hours > trimmed.band_hours


def test_the_end_of_the_span_left_out_is_no_gap():
    assert not coverage_of([(60, 300)], 600, RULE, span=(60, 560)).has_gap


def test_the_sum_says_that_the_length_is_the_trimmed_one():
    coverage = coverage_of([(60, 560)], 600, RULE, span=(60, 560))

    [length, *_rest] = arithmetic_of(coverage, RULE.coverage_share, "")

    assert length == ["片长（剪去片头片尾后）", "8:20"]
