"""How like the source a rendition looks, as it is shown: scaled up, and held between its frames."""

import re
import subprocess
from pathlib import Path

from media.programs import program_path

SIZE = "1920:1080:flags=bicubic"
SHOWN = 5  # pictures a second that are compared
# Left of the camera inset of `clips.lecture_clip`: the slide alone.
SLIDE_ALONE = "crop=1540:1080:0:0"


def ssim(source: Path, made: Path, *, rate: float = SHOWN, part: str = "null") -> float:
    return _found(source, made, rate, part, "ssim", r"SSIM .*All:([\d.]+)", digits=3)


def vmaf(source: Path, made: Path, *, rate: float = 2, part: str = "null") -> float:
    """Netflix's VMAF, model 0.6.1: 0 to 100."""
    return _found(
        source, made, rate, part, "libvmaf=n_threads=2", r"VMAF score: ([\d.]+)", digits=1
    )


def _found(
    source: Path, made: Path, rate: float, part: str, measure: str, words: str, *, digits: int
) -> float:
    alike = f"fps={rate}:start_time=0,scale={SIZE},{part},format=yuv420p"
    graph = f"[0:v]{alike}[made];[1:v]{alike}[source];[made][source]{measure}"
    done = subprocess.run(
        [
            program_path("ffmpeg"), "-nostdin", "-hide_banner", "-nostats",
            "-i", str(made), "-i", str(source), "-lavfi", graph, "-f", "null", "-",
        ],
        check=True,
        capture_output=True,
        text=True,
    )  # fmt: skip
    found = re.search(words, done.stderr)
    assert found, done.stderr
    return round(float(found[1]), digits)
