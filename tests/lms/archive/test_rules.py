from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.archive.rules import (
    COLUMNS,
    Codes,
    Learner,
    Training,
    a11_rows,
    a1108_parts,
    count_entry,
    duration,
    is_class_four,
    rounding_of,
)

WHO = Learner("0010", "吴晓芸", "330***********1234")
CODES = Codes(
    category={"online": "Z901", "in_person": "Z902"},
    provider_kind={"online": "Z701", "in_person": "Z702"},
    duty_status={"online": "Z301", "in_person": "Z302"},
)


def trainings(*entries):
    """Groups of (bucket, hours, title, day, evidence)."""
    groups = {}
    for bucket, hours, title, day, evidence in entries:
        count_entry(
            groups,
            bucket=bucket,
            hours=Decimal(hours),
            title=title,
            happened_on=day,
            evidence=evidence,
        )
    return list(groups.values())


def rows(training):
    found = a11_rows(training, learner=WHO, codes=CODES, host_unit="松阳县")
    return [dict(zip(COLUMNS, row, strict=True)) for row in found]


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [("38.75", "38.8"), ("12.25", "12.3"), ("12.24", "12.2"), ("0.05", "0.1"), ("0.04", "0.0")],
)
def test_rounding_is_half_up_to_one_decimal(exact, rounded):
    assert rounding_of(Decimal(exact)).rounded == Decimal(rounded)


def test_the_difference_of_rounding_is_kept():
    rounding = rounding_of(Decimal("38.75"))

    assert (rounding.difference, rounding.became) == (Decimal("0.05"), "a11")


@given(st.lists(st.decimals("0", "10", places=2), max_size=60))
def test_rounding_once_never_moves_a_sum_by_more_than_half_a_tenth(hours):
    assert abs(rounding_of(sum(hours, Decimal(0))).difference) <= Decimal("0.05")


@given(st.decimals("0", "20000", places=1))
def test_parts_above_the_field_add_up_and_each_fits_four_characters_or_five_with_its_point(rounded):
    parts = a1108_parts(rounded)

    assert sum(parts) == rounded
    assert max(parts) <= Decimal("999.9")


def test_a_sum_above_the_field_becomes_numbered_rows():
    [training] = trainings(("online", "1500.25", "x", "2026-03-01", {}))

    assert [(row["A1131"], row["A1108"]) for row in rows(training)] == [
        ("2026年度干部网络学习（1/2）", "999.9"),
        ("2026年度干部网络学习（2/2）", "500.4"),
    ]


def test_online_is_one_group_a_year_and_in_person_one_a_class():
    groups = trainings(
        ("online", "1", "甲", "2025-12-31", {}),
        ("online", "1", "乙", "2026-01-01", {}),
        ("online", "1", "丙", "2026-05-01", {}),
        ("in_person", "7.5", "一班", "2026-05-01", {}),
        ("in_person", "7.5", "一班", "2026-05-02", {}),
        ("in_person", "7.5", "二班", "2026-05-03", {}),
    )

    assert [(group.name, group.hours) for group in groups] == [
        ("2025年度干部网络学习", Decimal(1)),
        ("2026年度干部网络学习", Decimal(2)),
        ("一班", Decimal("15.0")),
        ("二班", Decimal("7.5")),
    ]


def test_buckets_never_share_a_row_even_under_one_title():
    groups = trainings(
        ("online", "1", "一班", "2026-05-01", {}), ("in_person", "1", "一班", "2026-05-01", {})
    )

    assert len(groups) == 2


def test_two_classes_of_one_title_are_told_apart_by_their_key():
    groups = trainings(
        ("in_person", "1", "一班", "2026-05-01", {"class_key": "a"}),
        ("in_person", "1", "一班", "2026-05-01", {"class_key": "b"}),
    )

    assert len(groups) == 2


def test_sums_of_zero_and_below_give_no_row():
    [netted] = trainings(
        ("online", "2", "x", "2026-05-01", {}), ("online", "-2", "x", "2026-05-01", {})
    )
    [below] = trainings(("online", "-2", "x", "2026-05-01", {}))

    assert rows(netted) == rows(below) == []
    assert rounding_of(netted.hours).became == "nothing"
    assert rounding_of(below.hours).became == "correction"


def test_a_row_takes_what_the_class_says_and_keeps_leading_zeros():
    evidence = {
        "starts_on": "2026-03-02", "ends_on": "2026-05-20", "host_unit": "丽水市委组织部",
        "provider": "丽水市委党校", "is_abroad": True,
    }  # fmt: skip
    [training] = trainings(("in_person", "300", "中青班", "2026-05-20", evidence))

    [row] = rows(training)

    assert row["人员编号"] == "0010"
    assert (row["A1107"], row["A1111"]) == ("20260302", "20260520")
    assert (row["A1107A"], row["A1107B"], row["A1107C"]) == ("2", "19", "80")
    assert (row["A1114"], row["A1121A"], row["A1151"]) == ("丽水市委组织部", "丽水市委党校", "1")
    assert is_class_four(training)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2026-05-01", "2026-05-01", (0, 1, 1)),
        ("2026-01-01", "2026-02-28", (2, 0, 59)),
        ("2026-01-31", "2026-03-01", (1, 2, 30)),
        ("2025-12-15", "2026-01-14", (1, 0, 31)),
    ],
)
def test_duration_counts_both_ends(first, last, expected):
    training = Training("in_person", 2026, "班", first_day=first, last_day=last)

    months, days, total = duration(training)

    assert (months, total) == (expected[0], expected[2])
    assert days == expected[1]


def test_online_learning_lasts_the_days_it_was_done_and_is_never_class_four():
    [training] = trainings(
        ("online", "1", "x", "2026-01-05", {}), ("online", "1", "x", "2026-11-05", {})
    )

    assert duration(training) == (0, 2, 2)
    assert not is_class_four(training)
