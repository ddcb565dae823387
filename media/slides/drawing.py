"""Looking at the finished renditions for slides, and drawing them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lms.common.confinement import Bounds, Finished
from media import captions, encoding
from media.playlists import MediaPlaylist, Variant
from media.probe import VideoRefused
from media.rules import SEGMENT_SECONDS
from media.slides import rules
from media.slides.rules import Slide

INDEX = "slides.vtt"
Alive = Callable[[], None]
Run = Callable[..., Finished]  # `transcode.run_ffmpeg`


@dataclass(frozen=True)
class Slides:
    """The pictures of a build, with what they weigh together."""

    width: int
    height: int
    seconds: float
    bytes: int
    largest: int

    @property
    def average_bandwidth(self) -> int:
        return round(self.bytes * 8 / self.seconds)


def draw_slides(
    *, pictures: list[Variant], seconds: float, folder: Path, run: Run, alive: Alive
) -> Slides:
    """Write `slides.vtt` and the pictures it names. Raises VideoRefused unless every one is there.

    `pictures` is the ladder: the first is looked at, the sharpest up to 720p is drawn from.
    """
    found = rules.slides_of(grids_of(pictures[0], folder=folder, run=run, alive=alive))
    sharp = next((v for v in pictures if v.playlist.name == "720p"), pictures[-1])
    bounds = Bounds(seconds=60, reads=[folder], writes=[folder], cpu_seconds=60)
    for number, slide in enumerate(found):
        # The last picture may be one that was held to the end of the sound.
        at = max(0.0, min(slide.settled, seconds - 0.5))
        with segment_at(at, sharp.playlist, folder=folder) as (piece, second):
            arguments = encoding.slide_arguments(
                piece=piece, second=second, path=folder / picture_name(number)
            )
            run(arguments, bounds=bounds)
        alive()
    sizes = sizes_of([folder / picture_name(number) for number in range(len(found))])
    (folder / INDEX).write_text(slide_index(found, seconds=seconds))
    return Slides(sharp.width, sharp.height, seconds, sum(sizes), max(sizes))


@contextmanager
def segment_at(
    second: float, playlist: MediaPlaylist, *, folder: Path
) -> Iterator[tuple[Path, float]]:
    """The segment that shows a second as a file of its own, and the second in it.

    ffmpeg 6 loses the initialisation when it seeks in a playlist of fMP4.
    """
    number = min(int(second // SEGMENT_SECONDS), len(playlist.segments) - 1)
    piece = folder / "piece.mp4"
    name, _length = playlist.segments[number]
    piece.write_bytes((folder / playlist.init).read_bytes() + (folder / name).read_bytes())
    yield piece, second - number * SEGMENT_SECONDS
    piece.unlink()


def grids_of(variant: Variant, *, folder: Path, run: Run, alive: Alive) -> list[bytes]:
    """The picture at each second, as a grid of grey."""
    seen = bytearray()

    def read(piece: bytes) -> None:
        seen.extend(piece)
        alive()

    seconds = variant.playlist.seconds
    bounds = Bounds(
        seconds=300 + seconds, reads=[folder], writes=[folder], cpu_seconds=int(300 + seconds)
    )
    arguments = encoding.grid_arguments(
        name=variant.playlist.name, width=rules.GRID_WIDTH, height=rules.GRID_HEIGHT, folder=folder
    )
    run(arguments, bounds=bounds, on_output=read)
    size = rules.GRID_WIDTH * rules.GRID_HEIGHT
    return [bytes(seen[at : at + size]) for at in range(0, len(seen) - size + 1, size)]


def sizes_of(paths: list[Path]) -> list[int]:
    sizes = [path.stat().st_size if path.exists() else 0 for path in paths]
    if not sizes or not all(sizes):
        raise VideoRefused("renditions_incomplete", detail=f"slides of {sizes} bytes")
    return sizes


def slide_index(slides: list[Slide], *, seconds: float) -> str:
    """WebVTT whose cues name the picture to show. A change lies up to a second before it is seen."""
    starts = [max(0.0, slide.start - 0.5) for slide in slides]
    starts[0] = 0.0
    blocks = ["WEBVTT"]
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], seconds], strict=True)):
        times = f"{captions.webvtt_time(start)} --> {captions.webvtt_time(end)}"
        blocks.append(f"{times}\n{picture_name(number)}")
    return "\n\n".join(blocks) + "\n"


def picture_name(number: int) -> str:
    return f"slide-{number + 1:04}.webp"
