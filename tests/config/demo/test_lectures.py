from array import array

import pytest

from config.demo import lectures, speech
from config.demo.lectures import Lecture
from media.captions import read_captions
from media.probe import read_facts
from media.programs import program_path


@pytest.fixture
def script() -> Lecture:
    slides = (
        {"layout": "cover", "kicker": "第一讲", "title": "先分流", "narration": ["先分流，再出门。"]},
        {
            "layout": "points", "title": "两问", "points": ["有没有权", "接不接得住"],
            "narration": ["第一问，有没有权。", "第二问，接不接得住。"],
        },
    )  # fmt: skip
    return Lecture("test", "先分流", "松阳县委党校　徐志强", slides)


def test_captions_follow_each_other_inside_their_slide(script):
    narration = lectures.narrate(script)

    assert [text for _start, _end, text in narration.cues] == [
        line for slide in script.slides for line in slide["narration"]
    ]
    ends = [end for _start, end, _text in narration.cues]
    starts = [start for start, _end, _text in narration.cues]
    assert all(start < end for start, end in zip(starts, ends, strict=True))
    assert all(end < following for end, following in zip(ends, starts[1:], strict=False))
    assert ends[0] < narration.turns[0] < starts[1]
    assert ends[2] < narration.turns[1]


def test_lecture_is_as_long_as_its_last_turn_and_its_captions_can_be_read(script, tmp_path):
    turns = lectures.narrate(script).turns

    video, captions = lectures.produce(script, folder=tmp_path, ffmpeg=program_path("ffmpeg"))

    facts = read_facts(video, max_seconds=600)
    assert facts.has_audio
    assert (facts.picture.width, facts.picture.height) == (1280, 720)
    assert facts.seconds == pytest.approx(turns[-1], abs=1 / lectures.FRAMES_A_SECOND)
    assert len(read_captions(captions.read_bytes(), seconds=facts.seconds)) == 3


def test_lecture_made_before_is_not_made_again(script, tmp_path):
    video, _captions = lectures.produce(script, folder=tmp_path, ffmpeg=program_path("ffmpeg"))
    written_at = video.stat().st_mtime_ns

    again, _captions = lectures.produce(script, folder=tmp_path, ffmpeg="/no/such/program")

    assert again == video
    assert video.stat().st_mtime_ns == written_at


def test_lecture_hums_where_no_voice_is_installed(script, monkeypatch):
    monkeypatch.setattr(speech, "installed_voice", lambda: None)

    narration = lectures.narrate(script)

    assert max(array("h", narration.sound)) > 1000
    assert len(narration.cues) == 3
