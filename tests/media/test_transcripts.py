"""A transcript becomes cues over the whole video."""

import pytest

from media.cue_edits import time_problems
from media.transcripts import TranscriptRefused, spread_transcript


def test_lines_without_times_share_the_video_by_length():
    cues = spread_transcript("四个字的\n八个字的一行在此\n\n四个字的", seconds=16.6)

    assert [text for *_times, text in cues] == ["四个字的", "八个字的一行在此", "四个字的"]
    assert [(round(a, 2), round(b, 2)) for a, b, _text in cues] == [
        (0, 4.2), (4.2, 12.4), (12.4, 16.6),
    ]  # fmt: skip


def test_marks_hold_and_only_the_lines_between_them_are_spread():
    cues = spread_transcript("[00:10] 甲\n乙\n【1:00】丙\n（01:02:03）丁", seconds=4000)

    assert [start for start, *_rest in cues] == [10, 35, 60, 3723]
    assert cues[-1][1] == 4000


def test_a_mark_on_a_line_of_its_own_belongs_to_the_next():
    assert spread_transcript("[00:05]\n甲", seconds=10) == [(5, 10, "甲")]


def test_a_long_line_becomes_a_cue_for_each_sentence():
    line = "这一句有二十个字说的是网格事项怎么准入。" * 3

    assert len(spread_transcript(line, seconds=60)) == 3


def test_the_result_can_be_saved_as_it_is():
    text = "\n".join(f"第 {n} 行" + "字" * (n % 37) for n in range(400))

    assert time_problems(spread_transcript(text, seconds=1000), seconds=1000) == []


@pytest.mark.parametrize(
    ("text", "seconds", "code", "sentence"),
    [
        (" \n\n", 60, "transcript_empty", "没有文字"),
        ("甲", 0, "video_length_unknown", "不知道视频有多长"),
        ("[00:30] 甲\n[00:20] 乙", 60, "transcript_marks_backward", r"\[00:30\] 后面的时间"),
        ("[02:00] 甲", 60, "transcript_mark_beyond_end", r"\[02:00\] 在片尾以后"),
        ("字\n" * 400, 60, "transcript_too_dense", "400 行要挤在 60.0 秒"),
        ("字\n" * 20_001, 9000, "captions_too_many", "20,000 行"),
    ],
)
def test_what_cannot_be_spread_is_refused(text, seconds, code, sentence):
    with pytest.raises(TranscriptRefused, match=sentence) as caught:
        spread_transcript(text, seconds=seconds)

    assert caught.value.code == code
