"""One playlist from several takes: what the encoder sent, gaps left out. Plain Python."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil

# Rounding to whole pictures of a second, and a picture that was cut off.
MENDED_SECONDS = 2.0
SPLINTER_SECONDS = 0.05
FRAGMENT = re.compile(r"#EXTINF:([0-9.]+),[^\n]*\n(?:#[^\n]*\n)*([^#\s]+)")


@dataclass(frozen=True)
class Fragment:
    """A piece of a take under its name in the store, and its length in seconds."""

    name: str
    seconds: float


@dataclass(frozen=True)
class Stream:
    """A playlist of the master, with what a player needs to choose it; 0 and "" where it is not known."""

    playlist: str
    bandwidth: int
    codecs: str = ""
    width: int = 0
    height: int = 0


@dataclass(frozen=True)
class TakeFragments:
    """One uninterrupted sending of the encoder."""

    init: str
    fragments: tuple[Fragment, ...]


def fragments_listed(playlist: str) -> list[Fragment]:
    """The finished fragments that ffmpeg's own playlist of a take names."""
    return [Fragment(name, float(seconds)) for seconds, name in FRAGMENT.findall(playlist)]


def seconds_of(takes: Sequence[TakeFragments]) -> float:
    return sum(fragment.seconds for take in takes for fragment in take.fragments)


def thinned(source: TakeFragments, thin: TakeFragments, *, is_open: bool) -> list[TakeFragments]:
    """A take in its thin form, exactly as long as what the encoder sent, so that all playlists share one timeline.

    An open take is as long as its thin form is so far. What is missing at the end of a take that is
    over (the thin form is made by a process that may die) comes as it was sent.
    """
    if is_open:
        return [thin]
    lacking = seconds_of([source]) - seconds_of([thin])
    if thin.fragments and abs(lacking) < MENDED_SECONDS:
        return [replace(thin, fragments=_stretched(thin.fragments, lacking))]
    return [thin, replace(source, fragments=_from(seconds_of([thin]), source.fragments))]


def _stretched(fragments: tuple[Fragment, ...], lacking: float) -> tuple[Fragment, ...]:
    """The last fragments longer by what is lacking, or shorter; none shorter than a splinter."""
    made: list[Fragment] = []
    for fragment in reversed(fragments):
        seconds = max(SPLINTER_SECONDS, fragment.seconds + lacking)
        lacking -= seconds - fragment.seconds
        made.insert(0, replace(fragment, seconds=seconds))
    return tuple(made)


def _from(second: float, fragments: Sequence[Fragment]) -> tuple[Fragment, ...]:
    at, rest = 0.0, []
    for fragment in fragments:
        if at > second - MENDED_SECONDS:
            rest.append(fragment)
        at += fragment.seconds
    return tuple(rest)


def live_playlist(takes: Sequence[TakeFragments], *, is_over: bool) -> str:
    """All fragments from the first on, so that a learner may go back to the beginning at any time.

    It only grows while the lecture lasts (`EVENT`) and is closed when it is over. Each further take
    follows a discontinuity with an initialisation of its own (RFC 8216, 4.3.2.3 and 4.3.2.5).
    """
    takes = [take for take in takes if take.fragments]
    longest = max((f.seconds for take in takes for f in take.fragments), default=2.0)
    lines = [
        "#EXTM3U", "#EXT-X-VERSION:7", f"#EXT-X-TARGETDURATION:{ceil(longest)}",
        "#EXT-X-MEDIA-SEQUENCE:0", "#EXT-X-INDEPENDENT-SEGMENTS",
        f"#EXT-X-PLAYLIST-TYPE:{'VOD' if is_over else 'EVENT'}",
    ]  # fmt: skip
    for number, take in enumerate(takes):
        if number:
            lines.append("#EXT-X-DISCONTINUITY")
        lines.append(f'#EXT-X-MAP:URI="{take.init}"')
        for fragment in take.fragments:
            lines += [f"#EXTINF:{fragment.seconds:.6f},", fragment.name]
    if is_over:
        lines.append("#EXT-X-ENDLIST")
    return "\n".join(lines) + "\n"


def live_master(streams: Sequence[Stream]) -> str:
    """The lightest first. Bandwidths are measured on the first fragments: what comes may need more.

    Only what the encoder sends names its size and no stream its frame rate, so that hls.js ranks the
    slow one lowest (`playlists.master_playlist`).
    """
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    for stream in streams:
        line = f"#EXT-X-STREAM-INF:BANDWIDTH={stream.bandwidth}"
        if stream.codecs:
            line += f',CODECS="{stream.codecs}"'
        if stream.width:
            line += f",RESOLUTION={stream.width}x{stream.height}"
        lines += [line, stream.playlist]
    return "\n".join(lines) + "\n"
