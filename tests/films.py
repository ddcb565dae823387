"""Videos as the site really has them: uploaded, transcoded, with files to deliver."""

from pathlib import Path

from django.core.files import File

from lms.common.clock import database_now
from media.jobs import transcode_video
from media.models import Video
from media.services import receive_upload
from tests import world
from tests.media import clips


def ready_video(folder: Path, *, seconds: float) -> Video:
    """A ready video. Whoever makes one removes MEDIA_ROOT afterwards."""
    source = clips.film(folder / "lecture.mp4", seconds=seconds + 0.2, rate="10")
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
