"""One playlist from several takes: what the encoder sent, gaps left out. Plain Python."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

FRAGMENT = re.compile(r"#EXTINF:([0-9.]+),[^\n]*\n(?:#[^\n]*\n)*([^#\s]+)")


@dataclass(frozen=True)
class Fragment:
    """A piece of a take under its name in the store, and its length in seconds."""

    name: str
    seconds: float


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
