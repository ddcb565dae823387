"""Playlists: reading the ones ffmpeg wrote, judging them, and writing the master and the thumbnail index."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from media import captions, rules

SPRITE_COLUMNS = SPRITE_ROWS = 5


@dataclass(frozen=True)
class MediaPlaylist:
    """One rendition: its segments with their lengths in seconds and sizes in bytes."""

    name: str
    init: str
    segments: list[tuple[str, float]]
    is_closed: bool
    sizes: list[int] = field(default_factory=list)
    init_size: int = 0

    @property
    def seconds(self) -> float:
        return sum(length for _, length in self.segments)

    @property
    def bytes(self) -> int:
        return sum(self.sizes) + self.init_size

    @property
    def average_bandwidth(self) -> int:
        return round(self.bytes * 8 / self.seconds)

    @property
    def bandwidth(self) -> int:
        """Peak over one segment, as RFC 8216 defines it; a last splinter under a second does not count."""
        rates = [
            size * 8 / length
            for size, (_, length) in zip(self.sizes, self.segments, strict=True)
            if length >= 1
        ]
        return max(round(max(rates, default=0)), self.average_bandwidth)


@dataclass(frozen=True)
class Variant:
    """A finished rendition with what a player needs to choose it."""

    playlist: MediaPlaylist
    codecs: str
    width: int = 0
    height: int = 0
    frame_rate: float = 0.0


def read_playlist(path: Path) -> MediaPlaylist:
    """Raises FileNotFoundError when the playlist or a file it names is missing."""
    text = path.read_text()
    init = re.search(r'#EXT-X-MAP:URI="([^"]+)"', text)
    segments = [
        (name, float(length))
        for length, name in re.findall(r"#EXTINF:([\d.]+),[^\n]*\n(?:#[^\n]*\n)*([^#\s]+)", text)
    ]
    init_name = init[1] if init else ""
    return MediaPlaylist(
        name=path.stem,
        init=init_name,
        segments=segments,
        is_closed="#EXT-X-ENDLIST" in text,
        sizes=[(path.parent / name).stat().st_size for name, _ in segments],
        init_size=(path.parent / init_name).stat().st_size,
    )


def playlist_problems(
    playlists: Sequence[MediaPlaylist], *, seconds: float, rungs: Sequence[rules.Rung]
) -> list[str]:
    """What keeps these renditions from being shown; empty when they are whole and cut where they should be.

    The last picture of a rung may end later than the sound, by as long as one picture stands.
    """
    problems = []
    by_name = {rung.name: rung for rung in rungs}
    for playlist in playlists:
        rung = by_name.get(playlist.name)
        if not playlist.is_closed:
            problems.append(f"{playlist.name}: no end mark")
        if abs(playlist.seconds - seconds) > max(0.5, rung.frame_seconds if rung else 0):
            problems.append(f"{playlist.name}: {playlist.seconds:.2f} s instead of {seconds:.2f} s")
        if not playlist.init_size or not all(playlist.sizes):
            problems.append(f"{playlist.name}: an empty file")
        if rung and cut_points(playlist) != planned_cuts(rung, playlist):
            problems.append(f"{playlist.name}: cut elsewhere than every {rung.segment_seconds} s")
    return problems


def planned_cuts(rung: rules.Rung, playlist: MediaPlaylist) -> tuple[int, ...]:
    """The slow rung cuts at every second cut of the others: all change over at the same instants."""
    return tuple(rung.segment_seconds * 1000 * at for at in range(1, len(playlist.segments)))


def cut_points(playlist: MediaPlaylist) -> tuple[int, ...]:
    """Inner segment boundaries in milliseconds; the end may differ by a frame between frame rates."""
    total, points = 0.0, []
    for _, length in playlist.segments[:-1]:
        total += length
        points.append(round(total * 1000))
    return tuple(points)


def master_playlist(*, pictures: Sequence[Variant], audio: Variant | None) -> str:
    """The ladder, lightest first so that a player without a measurement starts quickly.

    The slow rendition names no RESOLUTION: hls.js ranks by height before bandwidth, and would put its
    720 lines above 360p, where a learner on a thin line never gets to.

    Pictures and sound are separate renditions: the sound is stored and fetched once for all rungs,
    and alone it is the audio-only variant for lines too slow for pictures.
    """
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    if audio:
        lines.append(
            '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="讲课声音",LANGUAGE="zh",DEFAULT=YES,AUTOSELECT=YES,'
            f'URI="{audio.playlist.name}.m3u8"'
        )
    for variant in pictures:
        lines += [stream_line(variant, audio=audio), f"{variant.playlist.name}.m3u8"]
    if audio:
        lines += [stream_line(audio, audio=None) + ',AUDIO="sound"', f"{audio.playlist.name}.m3u8"]
    return "\n".join(lines) + "\n"


def stream_line(variant: Variant, *, audio: Variant | None) -> str:
    peak, average, codecs = (
        variant.playlist.bandwidth,
        variant.playlist.average_bandwidth,
        [variant.codecs],
    )
    if audio:
        peak += audio.playlist.bandwidth
        average += audio.playlist.average_bandwidth
        codecs.append(audio.codecs)
    line = f'#EXT-X-STREAM-INF:BANDWIDTH={peak},AVERAGE-BANDWIDTH={average},CODECS="{",".join(codecs)}"'
    if variant.width and variant.playlist.name != rules.SLOW:
        line += f",RESOLUTION={variant.width}x{variant.height}"
    if variant.frame_rate:
        line += f",FRAME-RATE={variant.frame_rate:.3f}"
    return line + (',AUDIO="sound"' if audio else "")


def avc_codecs(init: bytes) -> str:
    """RFC 6381 name from the decoder configuration: `avc1.64001F`."""
    at = init.index(b"avcC") + 5
    return "avc1." + init[at : at + 3].hex().upper()


def thumbnail_index(*, seconds: float, interval: int, width: int, height: int) -> str:
    """WebVTT whose cues point into the sprite sheets, one cue an interval."""
    blocks = ["WEBVTT"]
    per_sheet = SPRITE_COLUMNS * SPRITE_ROWS
    for number, start in enumerate(range(0, max(1, int(seconds)), interval)):
        sheet, place = divmod(number, per_sheet)
        x, y = place % SPRITE_COLUMNS * width, place // SPRITE_COLUMNS * height
        times = f"{captions.webvtt_time(start)} --> {captions.webvtt_time(min(start + interval, seconds))}"
        blocks.append(f"{times}\nsprite-{sheet + 1:03}.jpg#xywh={x},{y},{width},{height}")
    return "\n\n".join(blocks) + "\n"
