"""A chapter for each slide of a lecture, and a replay trimmed to where the lecture begins and ends."""

from datetime import datetime
from itertools import accumulate

from config.demo.lectures import Lecture
from lms.people.models import Person
from media.chapters import Chapters
from media.cutting import cut, digest_of
from media.models import Video


def divide(*, video: Video, script: Lecture, is_trimmed: bool, by: Person, at: datetime) -> None:
    """Every narrated line is one caption, so the slides begin where their first line is spoken.

    `is_trimmed` leaves out the cover slide, and what comes after the last word.
    """
    cues = video.captions.get(language="zh-Hans").cues
    lines = [len(slide["narration"]) for slide in script.slides]
    firsts = accumulate([0, *lines[:-1]])
    starts = [int(cues[first][0]) for first in firsts]
    chapters: Chapters = [
        (start, slide["title"]) for start, slide in zip(starts, script.slides, strict=True)
    ]
    span = None
    if is_trimmed:
        span, chapters = (starts[1], int(cues[-1][1]) + 1), chapters[1:]
    cut(video=video, span=span, chapters=chapters, seen=digest_of(video), by=by, at=at)
