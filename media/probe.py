"""Looking at an upload with ffprobe before anything else touches it (security 11)."""

import json
import math
from fractions import Fraction
from pathlib import Path
from typing import Any

from lms.common.confinement import GIGABYTE, Bounds, ProgramTimedOut
from lms.common.errors import Refusal
from media import rules
from media.programs import run_confined

PROBE_SECONDS = 40
TAIL_SECONDS = 20
SAFE_INPUT = [
    *("-protocol_whitelist", "file"),
    *("-format_whitelist", rules.CONTAINERS),
    *("-codec_whitelist", rules.DECODERS),
    *("-max_streams", str(rules.MAX_STREAMS + 1)),
    *("-max_pixels", str(rules.MAX_PIXELS)),
]
FIELDS = (
    "format=format_name,duration,start_time,nb_streams"
    ":stream=index,codec_type,codec_name,width,height,duration,avg_frame_rate,r_frame_rate,sample_aspect_ratio,channels"
    ":stream_disposition=attached_pic,default:stream_side_data=rotation"
)
PLAYLIST_STARTS = (b"#EXTM3U", b"ffconcat", b"[playlist]", b"<?xml", b"<MPD", b"<smil", b"<SMIL")
MP4_STARTS = (b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide")


class VideoRefused(Refusal):
    """An upload that is not a usable video; the code is a key of `rules.SENTENCES`."""

    def __init__(self, code: str, *, detail: str = "") -> None:
        super().__init__(rules.SENTENCES[code], code=code)
        self.detail = detail


def read_facts(path: Path, *, max_seconds: int) -> rules.SourceFacts:
    """What the file at `path` holds. Raises VideoRefused with a code of `rules.SENTENCES`."""
    refuse_foreign_contents(path)
    report = probe_report(path)
    picture, audio_index = chosen_tracks(report["streams"])
    declared = number(report["format"].get("duration"))
    problem = rules.duration_problem(declared, max_seconds=max_seconds)
    if problem:
        raise VideoRefused(problem)
    assert declared is not None
    start = number(report["format"].get("start_time")) or 0.0
    ends = [end - start for end in packet_ends(path, around=start + declared)]
    if rules.is_cut_short(declared=declared, ends=ends):
        raise VideoRefused("truncated")
    return rules.SourceFacts(
        container=report["format"]["format_name"],
        seconds=min(declared, max(ends)),
        picture=picture,
        audio_index=audio_index,
    )


def refuse_foreign_contents(path: Path) -> None:
    if path.stat().st_size == 0:
        raise VideoRefused("empty_file")
    with path.open("rb") as file:
        head = file.read(512).lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(PLAYLIST_STARTS):
        raise VideoRefused("playlist_file")


def probe_report(path: Path) -> dict[str, Any]:
    report = run_probe(path, ["-show_entries", FIELDS])
    if report.get("format", {}).get("nb_streams", 0) > rules.MAX_STREAMS:
        raise VideoRefused("too_many_streams")
    return report


def run_probe(path: Path, wanted: list[str]) -> dict[str, Any]:
    bounds = Bounds(
        seconds=PROBE_SECONDS,
        reads=[path],
        cpu_seconds=PROBE_SECONDS,
        memory_bytes=2 * GIGABYTE,
        file_bytes=1024**2,
    )
    try:
        done = run_confined(
            "ffprobe",
            ["-v", "error", *SAFE_INPUT, *wanted, "-of", "json", f"file:{path}"],
            bounds=bounds,
        )
    except ProgramTimedOut as error:
        raise VideoRefused("check_timed_out") from error
    if done.status < 0:
        raise VideoRefused("check_crashed", detail=done.complaints)
    if done.status != 0:
        raise VideoRefused(complaint_code(done.complaints, path=path), detail=done.complaints)
    report: dict[str, Any] = json.loads(done.output)
    if "Picture size" in done.complaints:
        raise VideoRefused("picture_too_large", detail=done.complaints)
    return report


def complaint_code(complaints: str, *, path: Path) -> str:
    """ffprobe's words for the cases a person can act on; everything else is not a video."""
    if "moov atom not found" in complaints:
        # ffprobe believes the name; a file that starts like no MP4 never was one.
        with path.open("rb") as file:
            return "truncated" if file.read(8)[4:] in MP4_STARTS else "not_a_video"
    for words, code in (
        ("max_streams", "too_many_streams"),
        ("exceeded max", "too_many_streams"),
        ("Codec (", "codec_refused"),
        ("Format not on whitelist", "container_refused"),
    ):
        if words in complaints:
            return code
    return "not_a_video"


def chosen_tracks(streams: list[dict[str, Any]]) -> tuple[rules.Picture, int | None]:
    """The first real picture track (cover art is none) and the default or first audio track."""
    pictures = [
        s for s in streams if s["codec_type"] == "video" and not s["disposition"]["attached_pic"]
    ]
    audios = [s for s in streams if s["codec_type"] == "audio" and s.get("channels", 0) > 0]
    audios.sort(key=lambda s: -s["disposition"]["default"])
    if not pictures:
        raise VideoRefused("no_video" if audios else "not_a_video")
    picture = shown_picture(pictures[0])
    audio_codec = audios[0].get("codec_name", "unknown") if audios else None
    if rules.refused_codec(video=picture.codec, audio=audio_codec):
        raise VideoRefused("codec_refused")
    return picture, audios[0]["index"] if audios else None


def shown_picture(stream: dict[str, Any]) -> rules.Picture:
    """Size as shown: pixel shape and the rotation phones write are applied."""
    width, height = int(stream.get("width", 0)), int(stream.get("height", 0))
    problem = rules.picture_problem(width, height)
    if problem:
        raise VideoRefused(problem)
    pixel = ratio(stream.get("sample_aspect_ratio", "1:1").replace(":", "/")) or Fraction(1)
    if Fraction(1, 4) < pixel < 4:
        width = round(width * pixel)
    rotations = [
        side["rotation"] for side in stream.get("side_data_list", []) if "rotation" in side
    ]
    if rotations and round(float(rotations[0])) % 180:
        width, height = height, width
    rate = (
        ratio(stream.get("avg_frame_rate", ""))
        or ratio(stream.get("r_frame_rate", ""))
        or Fraction(25)
    )
    if rate > rules.MAX_FRAME_RATE:
        raise VideoRefused("frame_rate_refused", detail=str(rate))
    return rules.Picture(stream["index"], stream.get("codec_name", "unknown"), width, height, rate)


def packet_ends(path: Path, *, around: float) -> list[float]:
    """Where the packets of the last seconds end, so that a header cannot promise what is not there."""
    interval = f"{max(0.0, around - TAIL_SECONDS):.3f}%"
    report = run_probe(
        path,
        [
            "-read_intervals",
            interval,
            "-show_entries",
            "packet=pts_time,duration_time",
            "-show_entries",
            "format=",
        ],
    )
    ends = []
    for packet in report.get("packets", []):
        at = number(packet.get("pts_time"))
        if at is not None:
            ends.append(at + (number(packet.get("duration_time")) or 0.0))
    return ends


def number(value: str | None) -> float | None:
    """A finite figure; ffprobe writes N/A for what it does not know."""
    try:
        figure = float(value or "")
    except ValueError:
        return None
    return figure if math.isfinite(figure) else None


def ratio(text: str) -> Fraction | None:
    try:
        value = Fraction(text)
    except (ValueError, ZeroDivisionError):
        return None
    return value if value > 0 else None
