"""Edited captions are read strictly, and each problem is a sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.captions import visible_text
from media.cue_edits import EditRefused, edited_text, read_edited, refuse_problems, shifted

CUES = [(1.0, 3.0, "各位同志"), (3.0, 5.5, "今天讲 <网格> &amp;\n第二行")]


def test_what_was_written_is_read_again_word_for_word():
    assert read_edited(edited_text(CUES), seconds=60).cues == CUES
    assert read_edited(edited_text(CUES), seconds=60).problems == []


@given(st.text(max_size=200))
def test_any_words_survive_the_editor(text):
    words = visible_text(text)
    cues = [(1.0, 2.0, words)] if words else []

    assert read_edited(edited_text(cues), seconds=60).cues == cues


@pytest.mark.parametrize(
    ("text", "code", "sentence"),
    [
        ("12 点 --> 13 点\n字", "cue_time_unreadable", "第 1 条读不出时间"),
        ("只有文字", "cue_time_unreadable", "第 1 条读不出时间"),
        ("00:01.000 --> 00:02.000\n", "cue_empty", "第 1 条没有文字"),
        ("00:03.000 --> 00:02.000\n字", "cue_backward", "不晚于开始 00:00:03.000"),
        ("00:03.000 --> 00:03.000\n字", "cue_backward", "第 1 条的结束"),
        ("00:59.000 --> 01:01.000\n字", "cue_beyond_end", "超出了片尾 00:01:00.000"),
        ("00:01 --> 00:05\n甲\n\n00:04 --> 00:06\n乙", "cue_overlap", "第 2 条 00:00:04.000 开始"),
    ],
    ids=["words", "no time", "empty", "backward", "no length", "beyond the end", "overlap"],
)
def test_each_problem_has_a_code_and_a_sentence(text, code, sentence):
    edited = read_edited(text, seconds=60)

    assert [problem.code for problem in edited.problems] == [code]
    assert sentence in edited.problems[0].sentence
    with pytest.raises(EditRefused) as caught:
        refuse_problems(edited)
    assert caught.value.code == code


def test_many_problems_are_told_in_part_with_the_number_of_the_rest():
    text = "\n\n".join(f"00:{n:02}.000 --> 00:{n:02}.000\n字" for n in range(1, 10))

    with pytest.raises(EditRefused, match="另有 4 处"):
        refuse_problems(read_edited(text, seconds=60))


def test_cues_touch_without_overlapping():
    text = "00:01 --> 00:02,5\n甲\n\n00:02.500 --> 0:00:60\n乙"

    assert read_edited(text, seconds=60).problems == []


def test_all_cues_are_shifted_as_far_as_the_video_goes():
    assert shifted(CUES, by_seconds=-1, seconds=60)[0] == (0.0, 2.0, "各位同志")
    assert shifted(CUES, by_seconds=1.25, seconds=60)[1][:2] == (4.25, 6.75)


@pytest.mark.parametrize(
    ("by_seconds", "code", "sentence"),
    [
        (-1.5, "captions_shift_before_start", "最多提前 1 秒"),
        (60, "captions_shift_beyond_end", "最多推后 54.5 秒"),
    ],
)
def test_a_shift_out_of_the_video_is_refused(by_seconds, code, sentence):
    with pytest.raises(EditRefused, match=sentence) as caught:
        shifted(CUES, by_seconds=by_seconds, seconds=60)

    assert caught.value.code == code
