"""`bench slow_lines`: which rendition keeps slides legible on the thinnest line (ADR 0024).

Each candidate is one more rung given to the encoder as it is: same GOP, same tuning, no B frames.
`text` looks at the slide alone, without the camera inset; a picture is compared as it is shown, held
until the next, so a low frame rate pays for what it shows too late.
"""

import tempfile
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from media import encoding, playlists, probe, rules
from media.programs import program_path
from tests.bench import clips, similarity
from tests.bench.side import cpu_seconds

SECONDS = 36
# name → (width, height, frames a second, crf, seconds between key frames). x264 gives a picture that
# stands for a second a finer quantiser than one of 40 ms: crf 42 at 1 fps is about crf 31 at 25 fps.
CANDIDATES = {
    "360p 12.5 fps crf 28, 6 s": (640, 360, Fraction(25, 2), 28, 6),
    "360p 5 fps crf 30, 6 s": (640, 360, Fraction(5), 30, 6),
    "360p 1 fps crf 36, 12 s": (640, 360, Fraction(1), 36, 12),
    "540p 1 fps crf 38, 12 s": (960, 540, Fraction(1), 38, 12),
    "720p 5 fps crf 34, 6 s": (1280, 720, Fraction(5), 34, 6),
    "720p 1 fps crf 38, 6 s": (1280, 720, Fraction(1), 38, 6),
    "720p 1 fps crf 34, 12 s": (1280, 720, Fraction(1), 34, 12),
    "720p 1 fps crf 38, 12 s": (1280, 720, Fraction(1), 38, 12),
    "720p 1 fps crf 42, 12 s": (1280, 720, Fraction(1), 42, 12),
    "720p 1 fps crf 45, 12 s": (1280, 720, Fraction(1), 45, 12),
    "720p 1/2 fps crf 42, 12 s": (1280, 720, Fraction(1, 2), 42, 12),
    "1080p 1 fps crf 42, 12 s": (1920, 1080, Fraction(1), 42, 12),
}


def run() -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="bench-slow-lines-") as place:
        folder = Path(place)
        sources = {
            "slides": clips.lecture_clip(folder / "slides.mp4", seconds=SECONDS),
            "small_print": clips.lecture_clip(
                folder / "small.mp4", seconds=SECONDS, page=clips.SMALL_PRINT
            ),
            "filmed": clips.filmed_clip(folder / "filmed.mp4", seconds=SECONDS),
        }
        return {
            kind: {name: figures(clip, name, folder / f"{kind}-{at}")
                   for at, name in enumerate(CANDIDATES)}
            for kind, clip in sources.items()
        }  # fmt: skip


def figures(clip: Path, name: str, folder: Path) -> dict[str, float]:
    folder.mkdir()
    width, height, rate, crf, gap = CANDIDATES[name]
    facts = replace(probe.read_facts(clip, max_seconds=600), audio_index=None)
    rung = rules.Rung("slow", width, height, rate, crf, 300, "medium", segment_seconds=gap)
    # The base runs at the source's rate, as in a ladder.
    full = rules.Rung("full", 64, 36, Fraction(25), 40, 100, "ultrafast")
    arguments = encoding.encode_arguments(
        source=clip, facts=facts, rungs=[rung, full], folder=folder
    )
    spent = cpu_seconds([program_path("ffmpeg"), *arguments])
    made = folder / "slow.m3u8"
    playlist = playlists.read_playlist(made)
    return {
        "kbps": round(playlist.average_bandwidth / 1000, 1),
        "peak_kbps": round(playlist.bandwidth / 1000, 1),
        "text_ssim": similarity.ssim(clip, made, part=similarity.SLIDE_ALONE),
        "text_vmaf": similarity.vmaf(clip, made, part=similarity.SLIDE_ALONE),
        "ssim": similarity.ssim(clip, made),
        "cpu_seconds": round(spent, 1),
    }
