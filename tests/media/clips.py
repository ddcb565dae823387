"""Videos made on the spot, real and broken."""

import struct
import subprocess
from pathlib import Path

from media.programs import program_path


def film(
    path: Path,
    *,
    seconds: float = 4,
    size: str = "640x360",
    rate: str = "25",
    sound: bool = True,
    options: tuple[str, ...] = (),
    source: str = "testsrc2",
) -> Path:
    """A moving test picture with a tone."""
    tone = ("-f", "lavfi", "-i", f"sine=frequency=300:duration={seconds}") if sound else ()
    codecs = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac")
    picture = f"{source}=size={size}:rate={rate}:duration={seconds}"
    ffmpeg("-f", "lavfi", "-i", picture, *tone, *codecs, *options, str(path))
    return path


def ffmpeg(*arguments: str) -> str:
    """Run plainly; returns what it says."""
    done = subprocess.run(
        [program_path("ffmpeg"), "-nostdin", "-hide_banner", "-nostats", "-y", *arguments],
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stderr


def starts_at(path: Path) -> float:
    """Presentation time of the first picture or sound in a file."""
    command = [program_path("ffprobe"), "-v", "error", "-show_entries", "packet=pts_time"]
    done = subprocess.run(
        [*command, "-of", "csv=p=0", str(path)], check=True, capture_output=True, text=True
    )
    return min(float(line.strip(",")) for line in done.stdout.split())


def element(identifier: bytes, body: bytes) -> bytes:
    """One EBML element with an eight-byte length."""
    return identifier + struct.pack(">Q", len(body) | 1 << 56) + body


def huge_header(path: Path, *, side: int = 100_000) -> Path:
    """A Matroska file whose header promises a picture of side × side."""
    number = side.to_bytes(3, "big")
    size = element(b"\xb0", number) + element(b"\xba", number)
    kind = element(b"\xd7", b"\x01") + element(b"\x73\xc5", b"\x01") + element(b"\x83", b"\x01")
    track = kind + element(b"\x86", b"V_MJPEG") + element(b"\xe0", size)
    info = element(b"\x2a\xd7\xb1", (10**6).to_bytes(3, "big"))
    info += element(b"\x44\x89", struct.pack(">d", 5000.0))
    block = element(b"\xa3", b"\x81\x00\x00\x80" + b"\xff\xd8\xff\xd9")
    cluster = element(b"\x1f\x43\xb6\x75", element(b"\xe7", b"\x00") + block)
    tracks = element(b"\x16\x54\xae\x6b", element(b"\xae", track))
    segment = element(b"\x18\x53\x80\x67", element(b"\x15\x49\xa9\x66", info) + tracks + cluster)
    head = element(b"\x1a\x45\xdf\xa3", element(b"\x42\x82", b"matroska"))
    path.write_bytes(head + segment)
    return path


def endless(path: Path, source: Path) -> Path:
    """The same film in Matroska, with a header that promises thirty years."""
    return promised(path, source, milliseconds=30 * 365 * 86_400_000.0)


def promised(path: Path, source: Path, *, milliseconds: float) -> Path:
    ffmpeg("-i", str(source), "-c", "copy", "-f", "matroska", str(path))
    data = bytearray(path.read_bytes())
    at = data.index(b"\x44\x89\x88") + 3  # Duration, eight bytes, milliseconds
    struct.pack_into(">d", data, at, milliseconds)
    path.write_bytes(data)
    return path


def many_tracks(path: Path, source: Path, *, tracks: int = 1000) -> Path:
    """One picture and the same sound again and again."""
    sounds = ["-map", "0:a"] * (tracks - 1)
    ffmpeg("-t", "1", "-i", str(source), "-map", "0:v", *sounds, "-c", "copy", str(path))
    return path


def million_a_second(path: Path, folder: Path) -> Path:
    """A second and a bit, of a million pictures each: a short film repeated, a microsecond a frame."""
    short = folder / "black.mp4"
    picture = "color=black:size=64x64:rate=25:duration=40"
    ffmpeg("-f", "lavfi", "-i", picture, "-c:v", "libx264", "-pix_fmt", "yuv420p", str(short))
    times = "setts=pts=N:dts=N:duration=1:time_base=1/1000000"
    ffmpeg("-stream_loop", "1050", "-i", str(short), "-c", "copy", "-bsf:v", times,
           "-video_track_timescale", "1000000", str(path))  # fmt: skip
    return path


def no_time(path: Path, source: Path) -> Path:
    """The same film in Matroska, with a header that promises no time at all."""
    return promised(path, source, milliseconds=0.0)
