"""ffmpeg's arguments as data: what is asked of it, without running it."""

from fractions import Fraction
from pathlib import Path

import ffmpeg
from ffmpeg.nodes import FilterableStream as Stream
from ffmpeg.nodes import OutputStream as Output

from media import playlists, rules
from media.probe import SAFE_INPUT

SPRITE_WIDTH = 192
SLIDE_QUALITY = 60
QUIET = ("-nostdin", "-v", "error", "-nostats")


def encode_arguments(
    *, source: Path, facts: rules.SourceFacts, rungs: list[rules.Rung], folder: Path
) -> list[str]:
    """ffmpeg's arguments without the program: decode once, split, write every rung and the sound.

    Pictures are held, sound is padded and both are cut at the source's length, so that every
    rendition is equally long and starts at zero.
    """
    asked = source_input(source, facts)
    rate = max(rung.frame_rate for rung in rungs)
    base = (
        asked[str(facts.picture.index)]
        .filter("fps", fps=str(rate), start_time=0)
        .filter("tpad", stop=-1, stop_mode="clone")
        .filter("trim", duration=f"{facts.seconds:.3f}")
        .filter_multi_output("split", len(rungs))
    )
    outputs = [
        picture_output(base[at], rung, rate=rate, folder=folder) for at, rung in enumerate(rungs)
    ]
    if facts.audio_index is not None:
        outputs.append(audio_output(asked[str(facts.audio_index)], facts=facts, folder=folder))
    return arguments_of(ffmpeg.merge_outputs(*outputs), "-stats_period", "1", "-progress", "pipe:1")


def source_input(source: Path, facts: rules.SourceFacts, **options: object) -> Stream:
    safe = {
        name.lstrip("-"): value
        for name, value in zip(SAFE_INPUT[::2], SAFE_INPUT[1::2], strict=True)
    }
    safe["protocol_whitelist"] = "file,pipe"
    return ffmpeg.input(
        f"file:{source}",
        # The demuxer ffprobe found, by name: nothing is guessed twice.
        f=facts.container.split(",")[0],
        max_alloc=512 * 1024**2,
        **safe,
        **options,
    )


def picture_output(stream: Stream, rung: rules.Rung, *, rate: Fraction, folder: Path) -> Output:
    if rung.frame_rate != rate:
        stream = stream.filter("framestep", int(rate / rung.frame_rate))
    frames = int(rung.frame_rate * rung.segment_seconds)
    return (
        stream.filter("scale", rung.width, rung.height)
        .filter("setsar", 1)
        .output(
            str(folder / f"{rung.name}.m3u8"),
            **hls_options(rung.name, folder, seconds=rung.segment_seconds),
            vcodec="libx264",
            preset=rung.preset,
            tune="stillimage",
            crf=rung.crf,
            maxrate=f"{rung.max_rate}k",
            bufsize=f"{rung.max_rate * rung.buffer_seconds}k",
            pix_fmt="yuv420p",
            profile="high",
            # B frames would start each rung later by their depth, each rung by another amount; they
            # save 5-10 % on slides, which is not worth sound that runs 80 ms ahead.
            bf=0,
            g=frames,
            keyint_min=frames,
            sc_threshold=0,
            force_key_frames=f"expr:gte(t,n_forced*{rung.segment_seconds})",
        )
    )


def audio_output(stream: Stream, *, facts: rules.SourceFacts, folder: Path) -> Output:
    return (
        stream.filter("aresample", 44100, **{"async": 1, "first_pts": 0})
        .filter("apad")
        .filter("atrim", duration=f"{facts.seconds:.3f}")
        .output(
            str(folder / "audio.m3u8"),
            **hls_options("audio", folder),
            acodec="aac",
            ac=1,
            **{"b:a": f"{rules.AUDIO_RATE}k"},
        )
    )


def sprite_size(width: int, height: int) -> tuple[int, int]:
    scale = Fraction(SPRITE_WIDTH, max(width, height))
    return rules.even(width * scale), rules.even(height * scale)


def hls_options(
    name: str, folder: Path, *, seconds: int = rules.SEGMENT_SECONDS
) -> dict[str, object]:
    return {
        "f": "hls",
        "hls_time": seconds,
        "hls_list_size": 0,
        "hls_playlist_type": "vod",
        "hls_segment_type": "fmp4",
        "hls_fmp4_init_filename": f"{name}-init.mp4",
        "hls_segment_filename": str(folder / f"{name}-%05d.m4s"),
        "hls_flags": "independent_segments",
        "map_metadata": -1,
        "map_chapters": -1,
    }


def sprite_arguments(*, rung: rules.Rung, facts: rules.SourceFacts, folder: Path) -> list[str]:
    """Sheets of small pictures from the key frames of the smallest rung: cheap to decode.

    Not an output of the main pass: ffmpeg 6 reports no progress until every output has begun, and a
    sheet begins when it is full.
    """
    every = rules.sprite_interval(facts.seconds) // rules.SEGMENT_SECONDS
    source = ffmpeg.input(
        str(folder / f"{rung.name}.m3u8"), f="hls", skip_frame="nokey", protocol_whitelist="file"
    )
    sheets = (
        source.filter("select", f"not(mod(n,{every}))")
        .filter("scale", *sprite_size(rung.width, rung.height))
        .filter("tile", f"{playlists.SPRITE_COLUMNS}x{playlists.SPRITE_ROWS}")
        .output(str(folder / "sprite-%03d.jpg"), f="image2", fps_mode="passthrough", **{"q:v": 5})
    )
    return arguments_of(sheets)


def grid_arguments(*, name: str, width: int, height: int, folder: Path) -> list[str]:
    """A rendition as small grey pictures to standard output, one a second."""
    source = ffmpeg.input(str(folder / f"{name}.m3u8"), f="hls", protocol_whitelist="file")
    small = source.filter("fps", 1, start_time=0).filter("scale", width, height, flags="area")
    return arguments_of(small.filter("format", "gray").output("pipe:1", f="rawvideo"))


def slide_arguments(*, piece: Path, second: float, path: Path) -> list[str]:
    """The picture of a file at a second, as WebP: half of what JPEG takes for text."""
    source = ffmpeg.input(str(piece), f="mov", ss=f"{second:.3f}", protocol_whitelist="file")
    options = {"f": "image2", "update": 1, "frames:v": 1, "vcodec": "libwebp"}
    return arguments_of(source.output(str(path), **options, quality=SLIDE_QUALITY))


def poster_arguments(
    *, source: Path, facts: rules.SourceFacts, path: Path, size: tuple[int, int]
) -> list[str]:
    """A typical frame from a tenth into the video, after titles and black."""
    asked = source_input(source, facts, ss=f"{min(30.0, facts.seconds / 10):.3f}")
    options = {"f": "image2", "update": 1, "map_metadata": -1, "frames:v": 1, "q:v": 4}
    picture = asked[str(facts.picture.index)].filter("thumbnail", 25).filter("scale", *size)
    return arguments_of(picture.filter("setsar", 1).output(str(path), **options))


def arguments_of(output: Output, *more: str) -> list[str]:
    return output.global_args(*QUIET, *more).compile(cmd="ffmpeg", overwrite_output=True)[1:]
