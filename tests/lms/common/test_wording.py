from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from lms.common import wording


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (Decimal("0.25"), "0.25"),
        (Decimal("0.50"), "0.5"),
        (Decimal("38.75"), "38.75"),
        (Decimal("90.00"), "90"),
        (Decimal("-3.00"), "−3"),
        (Decimal("4116.50"), "4,116.5"),
        (Decimal("0.00"), "0"),
        (Decimal("-0.00"), "0"),
        (7.5, "7.5"),
        (100, "100"),
        (None, ""),
    ],
)
def test_hours_carry_no_idle_zeros(hours, words):
    assert wording.hours_text(hours) == words


def test_missing_ranges_read_as_clock_times():
    assert wording.ranges_text([[730, 880], [1265, 1345]]) == "12:10–14:40、21:05–22:25"


def test_many_missing_ranges_say_how_many():
    spans = [[n * 100, n * 100 + 30] for n in range(5)]
    assert wording.ranges_text(spans).endswith("3:20–3:50 等 5 段")


def test_many_missing_ranges_say_so_in_english():
    spans = [[n * 100, n * 100 + 30] for n in range(5)]
    with translation.override("en"):
        assert wording.ranges_text(spans).endswith("3:20–3:50 and others, 5 parts in all")


def test_no_range_is_no_text():
    assert wording.ranges_text(None) == wording.ranges_text([]) == ""


def test_a_title_breaks_after_its_colon():
    assert wording.phrases("一张网格：准入") == (
        '<span class="inline-block">一张网格：</span><span class="inline-block">准入</span>'
    )


def test_a_units_title_stays_whole_behind_that_of_its_package():
    assert wording.phrases("一张网格：准入 · 清单") == (
        '<span class="inline-block">一张网格：</span><span class="inline-block">准入</span>'
        ' · <span class="inline-block">清单</span>'
    )


def test_a_title_is_escaped_whether_it_breaks_or_not():
    assert "<b>" not in wording.phrases("<b>：</b>")
    assert "<b>" not in wording.phrases("<b>")


def test_counts_are_grouped_by_three():
    assert wording.count_text(1234567) == "1,234,567"


def test_dates_read_in_chinese_order():
    assert wording.day_text(date(2026, 11, 4)) == "11月4日"
    assert wording.full_day_text(date(2026, 11, 4)) == "2026年11月4日"
    assert wording.stamp_text(datetime(2026, 11, 4, 14, 5, tzinfo=UTC)) == "11月4日 14:05"
    assert (
        wording.full_stamp_text(datetime(2026, 11, 4, 14, 5, tzinfo=UTC)) == "2026年11月4日 14:05"
    )
    with translation.override("zh-hans"):
        assert wording.weekday_text(date(2026, 11, 24)) == "2026年11月24日 星期二"


def test_no_date_is_no_text():
    assert wording.day_text(None) == wording.stamp_text(None) == ""
