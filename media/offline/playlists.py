"""Playlists read for a pack: which files they name, and a master with one rendition only. Plain text."""

import re

NAMED = re.compile(r'URI="([^":/]+)"|^([^#\s:/]+)$', re.MULTILINE)


def files_named(playlist: str) -> list[str]:
    """The beginning and the segments of a rendition, in order."""
    return [in_tag or on_line for in_tag, on_line in NAMED.findall(playlist)]


def master_of_one(master: str, form: str) -> str:
    """The master playlist without the other renditions."""
    kept, lines = [], master.splitlines()
    at = 0
    while at < len(lines):
        is_stream = lines[at].startswith("#EXT-X-STREAM-INF")
        if not is_stream:
            kept.append(lines[at])
        elif lines[at + 1] == f"{form}.m3u8":
            kept += lines[at : at + 2]
        at += 2 if is_stream else 1
    return "\n".join(kept) + "\n"
