"""Chapters as people write them."""

import pytest

from media.chapters import (
    LONGEST_TITLE,
    MOST,
    ChaptersRefused,
    clock,
    lines_of,
    read_clock,
    read_lines,
    refuse_wrong,
)

SPAN = (60, 3600)


@pytest.mark.parametrize(
    ("line", "chapter"),
    [
        ("00:12:30 怎么准入", (750, "怎么准入")),
        ("12:30 怎么准入", (750, "怎么准入")),
        ("75:00　怎么准入", (4500, "怎么准入")),
        ("[1:02:03] 怎么准入", (3723, "怎么准入")),
        ("0:05 - 第 1 讲：2026", (5, "第 1 讲：2026")),
        ("00:00:01.500 开场", (1, "开场")),
        ("1：02：03、开场", (3723, "开场")),
    ],
)
def test_a_line_is_a_time_and_a_title(line, chapter):
    assert read_lines(f"\n  {line}  \n") == [chapter]


@pytest.mark.parametrize("line", ["怎么准入", "12 怎么准入", "00:75 x", "1:75:00 x", "1:00:61 x"])
def test_a_line_without_a_time_is_refused_by_its_number(line):
    with pytest.raises(ChaptersRefused, match="第 2 行读不出时间") as refused:
        read_lines(f"00:10 开场\n\n{line}")

    assert (refused.value.code, refused.value.line) == ("chapter_unreadable", 2)


def test_what_is_written_is_read_again():
    chapters = [(0, "开场"), (3723, "怎么 准入")]

    assert read_lines(lines_of(chapters)) == chapters
    assert read_clock(clock(3723)) == 3723


@pytest.mark.parametrize(
    ("chapters", "code", "sentence"),
    [
        ([(60, "")], "chapter_untitled", "第 1 章（00:01:00）没有标题"),
        ([(60, "长" * (LONGEST_TITLE + 1))], "chapter_title", "最长 80 字"),
        ([(60, "甲\t乙")], "chapter_title", "要在一行里"),
        ([(70, "甲"), (70, "乙")], "chapter_order", "第 2 章（00:01:10）不晚于上一章"),
        ([(70, "甲"), (65, "乙")], "chapter_order", "按时间先后排"),
        ([(59, "甲")], "chapter_outside", "不在播放的范围里"),
        ([(3600, "甲")], "chapter_outside", "改时间，或者改片头片尾"),
        (
            [(60 + n, "甲") for n in range(MOST + 1)],
            "chapters_too_many",
            "最多 200 章，这里有 201 章",
        ),
    ],
)
def test_a_list_that_cannot_be_shown_is_refused(chapters, code, sentence):
    with pytest.raises(ChaptersRefused, match=sentence) as refused:
        refuse_wrong(chapters, span=SPAN)

    assert (refused.value.code, refused.value.status) == (code, 422)


def test_chapters_inside_the_span_in_order_are_kept():
    refuse_wrong([(60, "甲" * LONGEST_TITLE), (3599, "<乙>")], span=SPAN)
