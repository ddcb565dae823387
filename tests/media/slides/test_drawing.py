"""Slides of a real lecture: found within a second, sharp, named by time, and none missing."""

import re
from pathlib import Path

import pytest
from PIL import Image

from media import probe, transcode
from tests.bench import clips, similarity

SECONDS = 30


@pytest.fixture(scope="session")
def lecture(shelf) -> tuple[Path, transcode.Build]:
    """Slides that change at 20 s, beside a picture of the speaker."""
    source = clips.lecture_clip(shelf / "lecture.mp4", seconds=SECONDS)
    folder = shelf / "lecture"
    folder.mkdir()
    facts = probe.read_facts(source, max_seconds=120)
    build = transcode.make_build(
        source=source, facts=facts, folder=folder, on_progress=lambda percent: None
    )
    return source, build


def cues(build: transcode.Build) -> list[tuple[str, str, str]]:
    index = (build.folder / "slides.vtt").read_text()
    return re.findall(r"([\d:.]+) --> ([\d:.]+)\n(\S+)", index)


def test_each_slide_is_shown_within_a_second_of_its_change(lecture):
    (first, until, one), (since, end, two) = cues(lecture[1])

    assert (first, one, two) == ("00:00:00.000", "slide-0001.webp", "slide-0002.webp")
    assert until == since
    assert float(since.split(":")[2]) == pytest.approx(20, abs=1)
    assert float(end.split(":")[2]) == pytest.approx(SECONDS, abs=0.1)


def test_the_pictures_are_sharp_and_small(lecture):
    _source, build = lecture
    for _start, _end, name in cues(build):
        with Image.open(build.folder / name) as picture:
            assert picture.size == (1280, 720)
    assert build.slides is not None
    assert build.slides.bytes == sum(p.stat().st_size for p in build.folder.glob("slide-*"))
    # 60 kB a slide and 270 slides an hour are 36 kb/s.
    assert build.slides.largest < 60_000


def test_nothing_but_the_build_is_left_in_its_folder(lecture):
    names = {path.suffix for path in lecture[1].files}

    assert names == {".m3u8", ".m4s", ".mp4", ".jpg", ".webp", ".vtt"}
    assert "piece.mp4" not in {path.name for path in lecture[1].files}


def test_text_stays_legible_in_the_slow_rendition(lecture):
    source, build = lecture
    slow, small = (variant.playlist for variant in build.pictures[:2])

    text = [similarity.ssim(source, build.folder / f"{each.name}.m3u8", rate=1,
                            part=similarity.SLIDE_ALONE) for each in (slow, small)]  # fmt: skip

    assert text[0] > 0.95
    assert text[0] > text[1]
    assert slow.average_bandwidth < 45_000
