"""Videos as the site really has them: uploaded, transcoded, with files to deliver."""

from pathlib import Path

from django.core.files import File

from config.demo.lectures import Lecture, produce
from lms.common.clock import database_now
from media.jobs import transcode_video
from media.models import Video
from media.programs import program_path
from media.services import receive_upload
from tests import world
from tests.media import clips

# Two slides, a few seconds each, as `config.demo` draws and speaks them.
SLIDES = Lecture(
    "two-slides",
    "事项准入清单怎么用",
    "松阳县委党校　徐志强",
    (
        {"layout": "cover", "kicker": "第 2 单元", "title": "事项准入清单怎么用",
         "narration": ["这一讲说清单怎么用。", "先看四步。"]},
        {"layout": "points", "title": "退回写三项", "points": ["依据哪一条", "该归谁", "已告知谁"],
         "narration": ["退回也要写一句理由，写三项。", "这一句就是以后的依据。"]},
    ),
)  # fmt: skip


def ready_video(folder: Path, *, seconds: float) -> Video:
    """A ready video. Whoever makes one removes MEDIA_ROOT afterwards."""
    return _transcoded(clips.film(folder / "lecture.mp4", seconds=seconds + 0.2, rate="10"))


def ready_lecture(folder: Path) -> Video:
    """The same of `SLIDES`, whose second slide comes after about half of it."""
    source, _captions = produce(SLIDES, folder=folder, ffmpeg=program_path("ffmpeg"))
    return _transcoded(source)


def _transcoded(source: Path) -> Video:
    with source.open("rb") as film:
        received = receive_upload(
            file=File(film, name="lecture.mp4"),
            name="lecture.mp4",
            title="事项准入清单怎么用",
            owner_unit=world.county(),
            by=None,
            at=database_now(),
        )
    assert transcode_video(video_id=received.pk, worker="test")
    return Video.objects.get(pk=received.pk)
