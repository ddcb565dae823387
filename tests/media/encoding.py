"""ffmpeg as the lecturer's encoder: what OBS does, from the command line."""

import subprocess
from pathlib import Path

from media.programs import program_path


def send(address: str, *, seconds: float = 120) -> subprocess.Popen[bytes]:
    """A test picture and a tone in real time, a key frame a second."""
    return subprocess.Popen(
        [
            program_path("ffmpeg"), "-nostdin", "-v", "error", "-re",
            "-f", "lavfi", "-i", f"testsrc2=size=640x360:rate=25:duration={seconds}",
            "-f", "lavfi", "-i", f"sine=frequency=300:duration={seconds}",
            "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "25",
            "-c:a", "aac", "-f", "flv", address,
        ],
        stderr=subprocess.DEVNULL,
    )  # fmt: skip


def fetch(address: str, into: Path) -> int:
    """Exit code of an attempt to watch three seconds by RTMP."""
    done = subprocess.run(
        [program_path("ffmpeg"), "-nostdin", "-v", "error", "-rw_timeout", "5000000",
         "-i", address, "-t", "3", "-c", "copy", str(into)],
        stderr=subprocess.DEVNULL, timeout=60, check=False,
    )  # fmt: skip
    return done.returncode
