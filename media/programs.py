"""Finding ffmpeg and ffprobe, and running them confined."""

from collections.abc import Callable, Sequence
from pathlib import Path

from django.conf import settings

from lms.common import confinement
from lms.common.confinement import Bounds, Finished


def program_path(name: str) -> str:
    """`ffmpeg` or `ffprobe`: they lie side by side."""
    return str(Path(settings.FFMPEG_PATH).with_name(name))


def run_confined(
    name: str,
    arguments: Sequence[str],
    *,
    bounds: Bounds,
    on_output: Callable[[bytes], None] | None = None,
) -> Finished:
    """`confinement.run_confined` of one of the two programs."""
    return confinement.run_confined(
        program_path(name), arguments, bounds=bounds, on_output=on_output
    )
