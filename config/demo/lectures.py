"""Lecture videos made on the spot: slides set by typst, speech line by line, captions that fit both.

Every narrated line is one caption; its times are those of the samples spoken, so sound, slide and
caption cannot drift apart.
"""

import hashlib
import json
import subprocess
import wave
from dataclasses import asdict, dataclass, field
from pathlib import Path

import typst
from django.conf import settings

from config.demo import speech

TEMPLATE = Path(__file__).with_name("slides.typ")
FONTS = "node_modules/@expo-google-fonts/noto-serif-sc"
FRAMES_A_SECOND = 2  # slides stand still; more frames cost time and show nothing
LEAD_SECONDS, PAUSE_SECONDS, TURN_SECONDS = 0.6, 0.45, 0.75
PITCHES = (196, 220, 247, 262, 294, 330)


@dataclass(frozen=True)
class Lecture:
    """A script: `slides` are dicts of the template's layouts, each with `narration` lines."""

    key: str
    title: str
    lecturer: str
    slides: tuple[dict, ...]
    height: int = 720

    @property
    def digest(self) -> str:
        text = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256((text + TEMPLATE.read_text()).encode()).hexdigest()


@dataclass(frozen=True)
class Narration:
    """`cues` are (start, end, text) and `turns` the slides' ends, all in seconds."""

    sound: bytes
    cues: tuple[tuple[float, float, str], ...]
    turns: tuple[float, ...]


@dataclass
class Track:
    sound: bytearray = field(default_factory=bytearray)

    @property
    def seconds(self) -> float:
        return len(self.sound) / 2 / speech.RATE

    def wait(self, seconds: float) -> None:
        self.sound += speech.silence(seconds)


def narrate(lecture: Lecture) -> Narration:
    track, cues, turns = Track(), [], []
    for number, slide in enumerate(lecture.slides):
        track.wait(LEAD_SECONDS)
        for line in slide["narration"]:
            start = track.seconds
            track.sound += speech.spoken(line, pitch=PITCHES[number % len(PITCHES)])
            cues.append((round(start, 3), round(track.seconds, 3), line))
            track.wait(PAUSE_SECONDS)
        # A slide ends on a whole frame, so the pictures and the sound have one length.
        end = -(-(track.seconds + TURN_SECONDS) * FRAMES_A_SECOND // 1) / FRAMES_A_SECOND
        track.wait(end - track.seconds)
        turns.append(end)
    return Narration(bytes(track.sound), tuple(cues), tuple(turns))


def draw_slides(lecture: Lecture) -> list[bytes]:
    """One PNG a slide, `lecture.height` pixels high."""
    fonts = settings.BASE_DIR / FONTS
    pages = typst.compile(
        TEMPLATE,
        root=TEMPLATE.parent,
        font_paths=[fonts] if fonts.is_dir() else [],
        format="png",
        ppi=72 * lecture.height / 540,
        sys_inputs={"lecture": json.dumps(asdict(lecture), ensure_ascii=False)},
    )
    return pages if isinstance(pages, list) else [pages]


def srt(narration: Narration) -> str:
    return "\n".join(
        f"{number}\n{_clock(start)} --> {_clock(end)}\n{text}\n"
        for number, (start, end, text) in enumerate(narration.cues, 1)
    )


def produce(lecture: Lecture, *, folder: Path, ffmpeg: str) -> tuple[Path, Path]:
    """The lecture as MP4 and SRT in `folder`; files made earlier from the same script are kept."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = folder / f"{lecture.key}-{lecture.digest[:12]}"
    video, captions = stem.with_suffix(".mp4"), stem.with_suffix(".srt")
    if video.exists() and captions.exists():
        return video, captions
    narration = narrate(lecture)
    work = folder / f"{stem.name}.parts"
    work.mkdir(exist_ok=True)
    _write_parts(work, pages=draw_slides(lecture), narration=narration)
    _encode(work, ffmpeg=ffmpeg)
    captions.write_text(srt(narration))
    (work / "lecture.mp4").replace(video)
    for part in work.iterdir():
        part.unlink()
    work.rmdir()
    return video, captions


def _write_parts(work: Path, *, pages: list[bytes], narration: Narration) -> None:
    lines, start = ["ffconcat version 1.0"], 0.0
    for number, (page, end) in enumerate(zip(pages, narration.turns, strict=True)):
        (work / f"{number:02}.png").write_bytes(page)
        lines += [f"file {number:02}.png", f"duration {end - start:.3f}"]
        start = end
    # The demuxer shows the last picture for no time unless it is named again.
    (work / "slides.ffconcat").write_text("\n".join([*lines, f"file {len(pages) - 1:02}.png", ""]))
    with wave.open(str(work / "sound.wav"), "wb") as sound:
        sound.setparams((1, 2, speech.RATE, 0, "NONE", ""))
        sound.writeframes(narration.sound)


def _encode(work: Path, *, ffmpeg: str) -> None:
    subprocess.run(
        [
            ffmpeg, "-y", "-nostdin", "-loglevel", "error",
            "-f", "concat", "-i", "slides.ffconcat", "-i", "sound.wav",
            "-vf", f"fps={FRAMES_A_SECOND},format=yuv420p", "-c:v", "libx264",
            "-preset", "ultrafast", "-tune", "stillimage", "-crf", "22", "-g", "20",
            "-c:a", "aac", "-aac_coder", "fast", "-b:a", "64k", "-ar", "44100", "-shortest",
            "-movflags", "+faststart", "lecture.mp4",
        ],
        cwd=work,
        check=True,
    )  # fmt: skip


def _clock(seconds: float) -> str:
    whole, milliseconds = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02}:{whole % 3600 // 60:02}:{whole % 60:02},{milliseconds:03}"
