"""Captions as plain cues. SRT and WebVTT come in; styles, positions, scripts and markup stay outside."""

import html
import re
from collections.abc import Sequence

from lms.common.errors import Refusal

MAX_BYTES = 2 * 1024 * 1024
MAX_CUES = 20_000
MAX_CUE_CHARACTERS = 500
Cue = tuple[float, float, str]

TIMING = re.compile(
    r"^\s*(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})\s*-->\s*(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})"
)
TAG = re.compile(r"</?[a-zA-Z0-9][^<>]{0,200}>|\{\\[^{}]{0,200}\}")
# Controls, lone surrogates, and direction marks that can reverse what a reader sees (security 13).
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
COMBINING_RUN = re.compile(
    "([\u0300-\u036f\u0483-\u0489\u20d0-\u20ff\ufe20-\ufe2f]{3})[\u0300-\u036f\u0483-\u0489\u20d0-\u20ff\ufe20-\ufe2f]+"
)


class CaptionsRefused(Refusal):
    code = "captions_unreadable"
    sentence = "读不出字幕。请上传 SRT 或 WebVTT 文件，时间写成 00:01:02.500 --> 00:01:05.000。"


def read_captions(data: bytes, *, seconds: float | None) -> list[Cue]:
    """Cues sorted by time, as plain text, inside the video's length. Raises CaptionsRefused."""
    if len(data) > MAX_BYTES:
        raise CaptionsRefused(
            "字幕文件超过 2 MB，多半不是字幕。请检查选的文件。", code="captions_too_large"
        )
    cues = fit_cues(parse_cues(decode_captions(data)), seconds=seconds)
    if not cues:
        raise CaptionsRefused()
    return cues


def decode_captions(data: bytes) -> str:
    """Text of UTF-8 (with or without BOM), UTF-16 with BOM, or GB18030, which Chinese subtitle tools write."""
    encodings = ["utf-16"] if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CaptionsRefused(
        "字幕文件的文字编码认不出来。请另存为 UTF-8 再上传。", code="captions_encoding"
    )


def parse_cues(text: str) -> list[Cue]:
    """Every block with a timing line; headers, notes, styles and cue numbers have none and fall away."""
    cues: list[Cue] = []
    for block in re.split(r"\n[ \t]*\n", re.sub(r"\r\n?", "\n", text)):
        lines = block.strip("\n").split("\n")
        # A timing line is the first or, after a number or name, the second line of its block.
        at = next((i for i, line in enumerate(lines[:3]) if TIMING.match(line)), None)
        if at is None or lines[0].startswith(("NOTE", "STYLE", "REGION")):
            continue
        words = plain_text("\n".join(lines[at + 1 :]))
        if words:
            cues.append((*cue_times(lines[at]), words))
        if len(cues) > MAX_CUES:
            raise CaptionsRefused(
                "字幕超过 20,000 条，多半不是字幕。请检查选的文件。", code="captions_too_many"
            )
    return cues


def cue_times(line: str) -> tuple[float, float]:
    found = TIMING.match(line)
    assert found is not None
    numbers = found.groups()
    return clock_seconds(*numbers[:4]), clock_seconds(*numbers[4:])


def clock_seconds(hours: str | None, minutes: str, seconds: str, fraction: str) -> float:
    whole = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
    return whole + int(fraction.ljust(3, "0")) / 1000


def plain_text(markup: str) -> str:
    """What a reader would see: tags out, entities read once, then nothing invisible."""
    return visible_text(html.unescape(TAG.sub("", markup)))


def visible_text(words: str) -> str:
    """Words as they were typed, without what no reader sees and without empty lines."""
    text = COMBINING_RUN.sub(r"\1", UNSEEN.sub("", words))
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)[:MAX_CUE_CHARACTERS]


def fit_cues(cues: Sequence[Sequence], *, seconds: float | None) -> list[Cue]:
    """Sorted; empty and backward cues out; nothing beyond the end of the video."""
    limit = float("inf") if seconds is None else seconds
    fitted = [(start, min(end, limit), text) for start, end, text in cues if start < limit]
    return sorted(cue for cue in fitted if cue[1] > cue[0])


def webvtt(cues: Sequence[Sequence]) -> str:
    """A WebVTT file. `-->` cannot survive inside a text, since `>` is always written as an entity."""
    blocks = [
        f"{webvtt_time(start)} --> {webvtt_time(end)}\n{html.escape(text, quote=False)}"
        for start, end, text in cues
    ]
    return "\n\n".join(["WEBVTT", *blocks]) + "\n"


def webvtt_time(seconds: float) -> str:
    thousandths = round(seconds * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}.{rest % 1000:03}"


def srt(cues: Sequence[Sequence]) -> str:
    """A SubRip file for other tools; most of them read `<` as it stands."""
    blocks = [
        f"{number}\n{srt_time(start)} --> {srt_time(end)}\n{text}"
        for number, (start, end, text) in enumerate(cues, start=1)
    ]
    return "\n\n".join(blocks) + "\n"


def srt_time(seconds: float) -> str:
    return webvtt_time(seconds).replace(".", ",")
