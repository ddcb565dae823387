"""Lectures made, uploaded with their captions, and the first of them transcoded at once."""

from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

from django.core.files import File

from config.demo import lectures
from config.demo.lectures import Lecture
from lms.people.models import Person, Unit
from media.jobs import transcode_video
from media.models import Video
from media.programs import program_path
from media.services import receive_upload, save_captions


def seed_videos(
    *,
    scripts: Collection[Lecture],
    at_once: Collection[str],
    folder: Path,
    owner_unit: Unit,
    by: Person,
    at: datetime,
    say: Callable[[str], None],
) -> dict[str, Video]:
    """Videos by lecture key. Those in `at_once` are playable on return, the others wait in the queue."""
    known = {video.source_name: video for video in Video.objects.filter(uploaded_by=by)}
    new = [script for script in scripts if file_name(script) not in known]
    for script, (path, captions) in zip(new, _made(new, folder), strict=True):
        known[file_name(script)] = _upload(script, path, captions, owner_unit, by, at)
    if new:
        say(f"{len(new)} lectures made and uploaded")
    videos = {script.key: known[file_name(script)] for script in scripts}
    for key in at_once:
        if transcode_video(video_id=videos[key].pk, worker="seed"):
            say(f"{videos[key].title} transcoded")
    found = Video.objects.in_bulk([video.pk for video in videos.values()])
    return {key: found[video.pk] for key, video in videos.items()}


def file_name(script: Lecture) -> str:
    return f"{script.key}.mp4"


def _made(scripts: Collection[Lecture], folder: Path) -> list[tuple[Path, Path]]:
    """Two at a time: ffmpeg works while the next one is being drawn."""
    ffmpeg = program_path("ffmpeg")
    with ThreadPoolExecutor(2) as pool:
        return list(
            pool.map(lambda script: lectures.produce(script, folder=folder, ffmpeg=ffmpeg), scripts)
        )


def _upload(
    script: Lecture, path: Path, captions: Path, owner_unit: Unit, by: Person, at: datetime
) -> Video:
    with path.open("rb") as file:
        video = receive_upload(
            file=File(file), name=file_name(script), title=script.title, owner_unit=owner_unit,
            by=by, at=at,
        )  # fmt: skip
    save_captions(
        video=video, data=captions.read_bytes(), language="zh-Hans", label="中文", by=by, at=at
    )
    return video
