"""Captions come in many shapes and leave as plain cues."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.captions import CaptionsRefused, fit_cues, parse_cues, read_captions, webvtt

SRT = """1
00:00:01,500 --> 00:00:04,000
各位同志，<i>今天</i>讲网格。

2
00:00:04,000 --> 00:00:06,250
{\\an8}第一点 &amp; 第二点
第二行
"""


def texts(markup: str) -> list[str]:
    body = f"WEBVTT\n\n00:01.000 --> 00:02.000\n{markup}\n"
    return [text for _, _, text in parse_cues(body)]


def test_srt_becomes_plain_cues():
    assert read_captions(SRT.encode(), seconds=60) == [
        (1.5, 4.0, "各位同志，今天讲网格。"),
        (4.0, 6.25, "第一点 & 第二点\n第二行"),
    ]


def test_webvtt_loses_styles_notes_regions_and_settings():
    text = (
        "WEBVTT - title\n\nSTYLE\n::cue { background: url(http://x/) }\n\nREGION\nid:a\n\n"
        "NOTE 00:00:09.000 --> 00:00:10.000\n不是字幕\n\n"
        "first\n01:00:01.000 --> 01:00:02.000 line:0 position:20%\n<v 张三><c.red>开会</c></v>\n"
    )

    assert parse_cues(text) == [(3601.0, 3602.0, "开会")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_encodings_of_chinese_tools_are_read(encoding):
    cues = read_captions(SRT.encode(encoding), seconds=60)

    assert cues[0][2] == "各位同志，今天讲网格。"


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_other_line_ends_are_read(ending):
    assert len(read_captions(SRT.replace("\n", ending).encode(), seconds=60)) == 2


def test_markup_hidden_in_entities_stays_text_and_cannot_become_markup():
    (text,) = texts("&lt;script&gt;alert(1)&lt;/script&gt; --&gt;")
    written = webvtt([(0, 1, text)])

    assert text == "<script>alert(1)</script> -->"
    assert "<" not in written
    assert written.count("-->") == 1


@pytest.mark.parametrize(
    ("markup", "plain"),
    [
        ("甲\x00乙\x08丙", "甲乙丙"),
        ("甲\u202e乙\u2066丙", "甲乙丙"),
        ("e" + "\u0301" * 5000, "e\u0301\u0301\u0301"),
        ("甲&#0;乙&#x202E;丙", "甲\ufffd乙丙"),
        ("1 < 2，3 > 2", "1 < 2，3 > 2"),
        ("好" * 600, "好" * 500),
    ],
    ids=["controls", "direction marks", "combining marks", "as entities", "comparisons", "length"],
)
def test_what_cannot_be_seen_is_removed(markup, plain):
    assert texts(markup) == [plain]


def test_cues_are_sorted_and_end_with_the_video():
    cues = [(50, 70, "尾"), (5, 6, "中"), (80, 90, "片外"), (3, 2, "倒着"), (1, 2, "头")]

    assert fit_cues(cues, seconds=60) == [(1, 2, "头"), (5, 6, "中"), (50, 60, "尾")]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "captions_unreadable"),
        ("只是一篇讲稿。".encode(), "captions_unreadable"),
        (b"WEBVTT\n\n00:01:40.000 --> 00:01:50.000\nlate\n", "captions_unreadable"),
        (b"x" * 2_100_000, "captions_too_large"),
        (b"\xff\xfe\x00", "captions_encoding"),
        (b"1\n00:00:01,000 --> 00:00:02,000\nx\n\n" * 20_002, "captions_too_many"),
    ],
    ids=["empty", "prose", "beyond the end", "large", "broken encoding", "many"],
)
def test_what_holds_no_captions_is_refused(data, code):
    with pytest.raises(CaptionsRefused) as caught:
        read_captions(data, seconds=60)

    assert caught.value.code == code


def test_a_cue_at_an_hour_keeps_its_thousandths():
    assert "01:00:00.007 --> 01:02:03.450" in webvtt([(3600.007, 3723.45, "一")])


@given(st.text(min_size=1, max_size=300))
def test_any_text_survives_writing_and_reading(text):
    first = [(1.0, 2.0, words) for words in texts(text)]

    # A text that looks like markup after its entities are read must come back as that text.
    assert parse_cues(webvtt(first)) == first


@given(st.binary(max_size=2000))
def test_no_bytes_break_the_reader(data):
    try:
        cues = read_captions(data, seconds=60)
    except CaptionsRefused:
        return
    assert webvtt(cues).encode()
