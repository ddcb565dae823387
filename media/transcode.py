"""One ffmpeg pass from a checked source to a complete set of renditions in a folder."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lms.common.confinement import GIGABYTE, Bounds, Finished, ProgramTimedOut
from media import encoding, playlists, rules
from media.playlists import MediaPlaylist, Variant
from media.probe import VideoRefused
from media.programs import run_confined
from media.slides.drawing import Slides, draw_slides

AUDIO_CODECS = "mp4a.40.2"
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Build:
    """A verified set of files: everything in `folder` belongs to it."""

    folder: Path
    seconds: float
    pictures: list[Variant]
    audio: Variant | None
    slides: Slides | None = None

    @property
    def files(self) -> list[Path]:
        return sorted(self.folder.iterdir())

    @property
    def variants(self) -> list[Variant]:
        return [*self.pictures, *([self.audio] if self.audio else [])]


def make_build(
    *, source: Path, facts: rules.SourceFacts, folder: Path, on_progress: Progress
) -> Build:
    """Transcode and verify. Raises VideoRefused with a code of `rules.SENTENCES`."""
    rungs = rules.ladder(
        width=facts.picture.width, height=facts.picture.height, frame_rate=facts.picture.frame_rate
    )
    encode(source=source, facts=facts, rungs=rungs, folder=folder, on_progress=on_progress)
    pictures, audio = measured(folder=folder, rungs=rungs, facts=facts)
    draw_stills(
        source=source, facts=facts, rungs=rungs, folder=folder, alive=lambda _: on_progress(99)
    )
    slides = None
    if audio:  # without sound there is nothing to listen to between slides
        slides = draw_slides(
            pictures=pictures, seconds=facts.seconds, folder=folder, run=run_ffmpeg,
            alive=lambda: on_progress(99),
        )  # fmt: skip
    write_indexes(folder=folder, facts=facts, pictures=pictures, audio=audio)
    return Build(folder, facts.seconds, pictures, audio, slides)


def encode(
    *,
    source: Path,
    facts: rules.SourceFacts,
    rungs: list[rules.Rung],
    folder: Path,
    on_progress: Progress,
) -> None:
    allowed = rules.time_allowed(facts.seconds)
    bounds = Bounds(
        seconds=allowed,
        reads=[source],
        writes=[folder],
        cpu_seconds=allowed * 8,
        memory_bytes=8 * GIGABYTE,
    )
    reader = ProgressReader(
        frames=facts.seconds * float(rungs[0].frame_rate), on_progress=on_progress
    )
    arguments = encoding.encode_arguments(source=source, facts=facts, rungs=rungs, folder=folder)
    run_ffmpeg(arguments, bounds=bounds, on_output=reader.read)


def run_ffmpeg(
    arguments: list[str], *, bounds: Bounds, on_output: Callable[[bytes], None] | None = None
) -> Finished:
    try:
        done = run_confined("ffmpeg", arguments, bounds=bounds, on_output=on_output)
    except ProgramTimedOut as error:
        raise VideoRefused("transcode_timed_out") from error
    if done.status != 0:
        code = "no_space" if "No space left" in done.complaints else "transcode_failed"
        raise VideoRefused(code, detail=done.complaints)
    return done


class ProgressReader:
    """Turns ffmpeg's `-progress` lines into whole per cents, 99 at most: the rest is verification."""

    def __init__(self, *, frames: float, on_progress: Progress) -> None:
        self.frames, self.on_progress = frames, on_progress
        self.rest, self.percent = b"", 0

    def read(self, piece: bytes) -> None:
        *lines, self.rest = (self.rest + piece).split(b"\n")
        for line in lines:
            key, _, value = line.partition(b"=")
            if key == b"frame" and value.strip().isdigit():
                reached = int(100 * int(value) / self.frames)
                self.percent = max(self.percent, min(99, reached))
        self.on_progress(self.percent)


def measured(
    *, folder: Path, rungs: list[rules.Rung], facts: rules.SourceFacts
) -> tuple[list[Variant], Variant | None]:
    """Read back what ffmpeg wrote and refuse it unless it is whole (security 26)."""
    wanted = [*(rung.name for rung in rungs), *(["audio"] if facts.has_audio else [])]
    try:
        found: dict[str, MediaPlaylist] = {
            name: playlists.read_playlist(folder / f"{name}.m3u8") for name in wanted
        }
        pictures = [
            Variant(
                found[rung.name],
                playlists.avc_codecs((folder / found[rung.name].init).read_bytes()),
                rung.width,
                rung.height,
                float(rung.frame_rate),
            )
            for rung in rungs
        ]
    except (OSError, ValueError) as error:
        raise VideoRefused("renditions_incomplete", detail=str(error)) from error
    problems = playlists.playlist_problems(list(found.values()), seconds=facts.seconds, rungs=rungs)
    if problems:
        raise VideoRefused("renditions_incomplete", detail="; ".join(problems))
    return pictures, Variant(found["audio"], AUDIO_CODECS) if facts.has_audio else None


def draw_stills(
    *,
    source: Path,
    facts: rules.SourceFacts,
    rungs: list[rules.Rung],
    folder: Path,
    alive: Callable[[bytes], None],
) -> None:
    """The poster and the sheets of thumbnails."""
    bounds = Bounds(seconds=300, reads=[source], writes=[folder], cpu_seconds=600)
    smallest = min(rungs, key=lambda rung: rung.width)
    sheets = encoding.sprite_arguments(rung=smallest, facts=facts, folder=folder)
    run_ffmpeg(sheets, bounds=bounds, on_output=alive)
    size = next(((rung.width, rung.height) for rung in rungs if rung.name == "720p"), None)
    poster = encoding.poster_arguments(
        source=source,
        facts=facts,
        path=folder / "poster.jpg",
        size=size or (rungs[-1].width, rungs[-1].height),
    )
    run_ffmpeg(poster, bounds=bounds, on_output=alive)


def write_indexes(
    *, folder: Path, facts: rules.SourceFacts, pictures: list[Variant], audio: Variant | None
) -> None:
    """The master playlist and the thumbnail index, and a last look that every still is there."""
    (folder / "master.m3u8").write_text(playlists.master_playlist(pictures=pictures, audio=audio))
    smallest = min(pictures, key=lambda variant: variant.width)
    width, height = encoding.sprite_size(smallest.width, smallest.height)
    index = playlists.thumbnail_index(
        seconds=facts.seconds,
        interval=rules.sprite_interval(facts.seconds),
        width=width,
        height=height,
    )
    (folder / "thumbnails.vtt").write_text(index)
    wanted = {line.split("#")[0] for line in index.split() if line.startswith("sprite-")}
    missing = (wanted | {"poster.jpg"}) - {path.name for path in folder.iterdir()}
    if missing:
        raise VideoRefused("renditions_incomplete", detail=f"missing {sorted(missing)}")
