"""`bench transcode`: a lecture through our whole path, beside plain ffmpeg in three ways.

`realtime` and its peers are seconds of lecture for one second of processor time, children included:
wall times on a shared machine vary, ratios and qualities do not. Plain ffmpeg gets our arguments
(`plain_ffmpeg`: no jail, no verification, no stills), our ladder a rung and its sound at a time
(`separate_passes`), and what x264 does when nobody tells it that these are slides (`default_x264`,
whose rates hold the sound as well).
"""

import os
import tempfile
from pathlib import Path
from typing import Any

from media import encoding, playlists, probe, rules, transcode
from media.programs import program_path
from tests.bench import clips, similarity
from tests.bench.side import cpu_seconds

SECONDS = 36


def run() -> dict[str, Any]:
    """`realtime` counts probing, one pass, poster, thumbnails, slides and verification."""
    with tempfile.TemporaryDirectory(prefix="bench-transcode-") as place:
        folder = Path(place)
        clip = clips.lecture_clip(folder / "lecture.mp4", seconds=SECONDS)
        before = children_seconds()
        facts = probe.read_facts(clip, max_seconds=600)
        (folder / "ours").mkdir()
        build = transcode.make_build(
            source=clip, facts=facts, folder=folder / "ours", on_progress=lambda percent: None
        )
        ours = children_seconds() - before
        rungs = ladder_of(facts)
        default = default_x264(clip, rungs=rungs, folder=folder / "default")
        separate = sum(one_pass(clip, facts, [rung], folder / rung.name) for rung in rungs)
        plain = one_pass(clip, facts, rungs, folder / "plain")
        assert build.slides is not None
        return {
            "seconds": round(facts.seconds, 2),
            "realtime": round(facts.seconds / ours, 2),
            "plain_ffmpeg_realtime": round(facts.seconds / plain, 2),
            "separate_passes_realtime": round(facts.seconds / separate, 2),
            "default_x264_realtime": round(facts.seconds / default.pop("cpu_seconds"), 2),
            "kbps": {
                v.playlist.name: round(v.playlist.average_bandwidth / 1000) for v in build.variants
            },
            "ssim": {
                v.playlist.name: similarity.ssim(clip, build.folder / f"{v.playlist.name}.m3u8")
                for v in build.pictures
            },
            **{f"default_x264_{name}": figures for name, figures in default.items()},
            "slides": len(list(build.folder.glob("slide-*"))),
            "slides_kbps": round(build.slides.average_bandwidth / 1000, 1),
        }


def children_seconds() -> float:
    used = os.times()
    return used.children_user + used.children_system


def ladder_of(facts: rules.SourceFacts) -> list[rules.Rung]:
    picture = facts.picture
    return rules.ladder(width=picture.width, height=picture.height, frame_rate=picture.frame_rate)


def one_pass(clip: Path, facts: rules.SourceFacts, rungs: list[rules.Rung], folder: Path) -> float:
    """Processor seconds of ffmpeg with our arguments for these rungs."""
    folder.mkdir()
    arguments = encoding.encode_arguments(source=clip, facts=facts, rungs=rungs, folder=folder)
    return cpu_seconds([program_path("ffmpeg"), *arguments])


def default_x264(clip: Path, *, rungs: list[rules.Rung], folder: Path) -> dict[str, Any]:
    """One pass a size with the presets of x264 and ffmpeg: medium, crf 23, the source's frame rate."""
    folder.mkdir()
    spent, kbps, ssim = 0.0, {}, {}
    for rung in rungs:
        if rung.name == rules.SLOW:
            continue
        playlist = folder / f"{rung.name}.m3u8"
        spent += cpu_seconds([
            program_path("ffmpeg"), "-nostdin", "-v", "error", "-i", str(clip),
            "-vf", f"scale={rung.width}:{rung.height}", "-c:v", "libx264", "-c:a", "aac",
            "-f", "hls", "-hls_time", str(rules.SEGMENT_SECONDS), "-hls_list_size", "0",
            "-hls_segment_type", "fmp4", "-hls_fmp4_init_filename", f"{rung.name}-init.mp4",
            "-hls_segment_filename", str(folder / f"{rung.name}-%05d.m4s"), str(playlist),
        ])  # fmt: skip
        rate = playlists.read_playlist(playlist).average_bandwidth
        kbps[rung.name] = round(rate / 1000)
        ssim[rung.name] = similarity.ssim(clip, playlist)
    return {"cpu_seconds": spent, "kbps": kbps, "ssim": ssim}
