"""`bench transcode`: a lecture through our whole path, beside plain ffmpeg with the same arguments.

The clip is what the platform mostly gets: slides that change every 20 s, a small noisy camera inset,
speech-like sound, 1080p. Wall times on a shared machine vary; ratios and qualities do not.
"""

import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import ffmpeg
import typst
from django.conf import settings

from media import encoding, probe, rules, transcode
from media.playlists import Variant
from media.programs import program_path

SECONDS = 48
SLIDE_SECONDS = 20
SLIDE = """
#set page(width: 960pt, height: 540pt, margin: 60pt)
#set text(font: ("Noto Serif SC", "Noto Serif CJK SC", "Noto Sans CJK SC"), size: 24pt)
= 基层治理 第 %d 讲
#v(20pt)
#for line in range(7) [ + 网格员每周走访，记录群众反映的问题并限期答复。第 #(line + 1) 条 #v(6pt) ]
"""


def run() -> dict[str, Any]:
    """Figures for one clip; `realtime` counts probing, one pass, poster, sprite and verification."""
    with tempfile.TemporaryDirectory(prefix="bench-transcode-") as place:
        folder = Path(place)
        clip = lecture_clip(folder / "lecture.mp4", seconds=SECONDS)
        started = time.perf_counter()
        facts = probe.read_facts(clip, max_seconds=600)
        (folder / "ours").mkdir()
        build = transcode.make_build(
            source=clip, facts=facts, folder=folder / "ours", on_progress=lambda percent: None
        )
        ours = time.perf_counter() - started
        plain = plain_seconds(clip, facts=facts, folder=folder / "plain")
        return {
            "seconds": round(facts.seconds, 2),
            "realtime": round(facts.seconds / ours, 2),
            "plain_ffmpeg_realtime": round(facts.seconds / plain, 2),
            "kbps": {
                v.playlist.name: round(v.playlist.average_bandwidth / 1000) for v in build.variants
            },
            "ssim": {
                v.playlist.name: similarity(clip, build.folder / f"{v.playlist.name}.m3u8", v)
                for v in build.pictures
            },
        }


def plain_seconds(clip: Path, *, facts: rules.SourceFacts, folder: Path) -> float:
    """The same arguments given to ffmpeg directly: no jail, no lower priority, no progress reading."""
    folder.mkdir()
    rungs = rules.ladder(
        width=facts.picture.width, height=facts.picture.height, frame_rate=facts.picture.frame_rate
    )
    arguments = encoding.encode_arguments(source=clip, facts=facts, rungs=rungs, folder=folder)
    started = time.perf_counter()
    subprocess.run(
        [program_path("ffmpeg"), *arguments],
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    return time.perf_counter() - started


def similarity(clip: Path, playlist: Path, variant: Variant) -> float:
    """SSIM of a rung, scaled up, against the source at the rung's frame rate."""
    size = "1920:1080:flags=bicubic"
    graph = (
        f"[0:v]fps={variant.frame_rate},scale={size}[made];"
        f"[1:v]fps={variant.frame_rate},scale={size}[source];[made][source]ssim"
    )
    done = subprocess.run(
        [
            program_path("ffmpeg"),
            *("-nostdin", "-hide_banner", "-nostats", "-i", str(playlist), "-i", str(clip)),
            *("-lavfi", graph, "-f", "null", "-"),
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    found = re.search(r"SSIM .*All:([\d.]+)", done.stderr)
    assert found, done.stderr
    return round(float(found[1]), 3)


def lecture_clip(path: Path, *, seconds: int) -> Path:
    slides = path.parent / "slides"
    slides.mkdir()
    for number in range(seconds // SLIDE_SECONDS + 1):
        page = typst.compile((SLIDE % (number + 1)).encode(), format="png", ppi=144)
        (slides / f"{number:02}.png").write_bytes(page)
    slide = ffmpeg.input(str(slides / "%02d.png"), framerate=f"1/{SLIDE_SECONDS}").filter("fps", 25)
    camera = (
        ffmpeg.input(f"testsrc2=size=320x240:rate=25:duration={seconds}", f="lavfi")
        .filter("noise", alls=8, allf="t")
        .filter("hue", h="10*t")
    )
    # Syllables: a hum switched on and off four times a second, over room noise.
    hum = "0.3*sin(2*PI*(140+40*sin(t))*t)*gt(sin(2*PI*4*t),-0.3)+0.02*(random(0)-0.5)"
    sound = ffmpeg.input(f"aevalsrc='{hum}':s=44100:d={seconds}", f="lavfi")
    ffmpeg.output(
        ffmpeg.overlay(slide, camera, x=1560, y=800),
        sound,
        str(path),
        t=seconds,
        vcodec="libx264",
        preset="ultrafast",
        crf=16,
        pix_fmt="yuv420p",
        acodec="aac",
    ).global_args("-nostdin", "-v", "error").run(cmd=settings.FFMPEG_PATH, overwrite_output=True)
    shutil.rmtree(slides)
    return path
