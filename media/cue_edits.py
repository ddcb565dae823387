"""Captions as somebody edits them: one text of blocks, read strictly, each problem said in a sentence.

A block is a line with two times and the words below it; blocks are parted by an empty line. The
editor's rows are made of this text and written back into it, so it also works as a plain form.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lms.common.errors import Refusal
from media.captions import MAX_CUES, Cue, visible_text, webvtt_time

MAX_SHOWN_PROBLEMS = 5
TIMES = re.compile(r"\s*([\d:.,]+)\s*-->\s*([\d:.,]+)\s*", re.ASCII)
CLOCK = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,2}):)?(\d{1,5})(?:[.,](\d{1,3}))?", re.ASCII)
TOLERANCE = 0.0005  # times are kept in thousandths


class EditRefused(Refusal):
    code = "captions_invalid"
    status = 422
    sentence = "字幕里有几处要改，还没有保存。"


@dataclass(frozen=True)
class Problem:
    """What is wrong with a block, counted from 1; `code` for machines."""

    number: int
    code: str
    sentence: str


@dataclass(frozen=True)
class Edited:
    cues: list[Cue]
    problems: list[Problem]


def edited_text(cues: Sequence[Sequence]) -> str:
    """Cues as the text one edits. Words stand as they are: nothing in it is markup."""
    blocks = [f"{webvtt_time(start)} --> {webvtt_time(end)}\n{text}" for start, end, text in cues]
    return "\n\n".join(blocks) + "\n" if blocks else ""


def read_edited(text: str, *, seconds: float | None) -> Edited:
    """Every block as a cue in the order written, and what keeps the set from being saved."""
    cues: list[Cue] = []
    problems: list[Problem] = []
    for number, block in enumerate(blocks_of(text), start=1):
        times, _line, words = block.partition("\n")
        span = read_times(times)
        if span is None:
            sentence = _("第 %(n)d 条读不出时间。写成 00:01:02.500 --> 00:01:05.000。")
            problems.append(Problem(number, "cue_time_unreadable", sentence % {"n": number}))
            span = (cues[-1][1], cues[-1][1]) if cues else (0.0, 0.0)
        elif not visible_text(words):
            sentence = _("第 %(n)d 条没有文字。写上文字，或者删掉这一条。")
            problems.append(Problem(number, "cue_empty", sentence % {"n": number}))
        cues.append((*span, visible_text(words)))
    if len(cues) > MAX_CUES:
        problems.append(Problem(MAX_CUES, "captions_too_many", _("字幕超过 20,000 条，存不下。")))
    unread = {problem.number for problem in problems}
    problems += [p for p in time_problems(cues, seconds=seconds) if p.number not in unread]
    return Edited(cues, sorted(problems, key=lambda problem: problem.number))


def blocks_of(text: str) -> list[str]:
    plain = re.sub(r"\r\n?", "\n", text).strip("\n")
    return [block.strip("\n") for block in re.split(r"\n[ \t]*\n", plain) if block.strip()]


def read_times(line: str) -> tuple[float, float] | None:
    found = TIMES.fullmatch(line)
    start, end = (read_clock(found[1]), read_clock(found[2])) if found else (None, None)
    return None if start is None or end is None else (start, end)


def read_clock(text: str) -> float | None:
    """`1:02:03.5`, `62:03,500` or `93.5` in seconds."""
    found = CLOCK.fullmatch(text)
    if not found:
        return None
    hours, minutes, seconds, fraction = found.groups()
    whole = int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds)
    return whole + int((fraction or "0").ljust(3, "0")) / 1000


def time_problems(cues: Sequence[Cue], *, seconds: float | None) -> list[Problem]:
    """One problem a cue, the first found: backward, beyond the end, over the one before it."""
    found = []
    for number, (start, end, _text) in enumerate(cues, start=1):
        facts = {"n": number, "start": webvtt_time(start), "end": webvtt_time(end)}
        before = cues[number - 2] if number > 1 else None
        if end <= start + TOLERANCE:
            sentence = _("第 %(n)d 条的结束 %(end)s 不晚于开始 %(start)s。")
            found.append(Problem(number, "cue_backward", sentence % facts))
        elif seconds is not None and end > seconds + TOLERANCE:
            facts["length"] = webvtt_time(seconds)
            sentence = _("第 %(n)d 条到 %(end)s 才结束，超出了片尾 %(length)s。")
            found.append(Problem(number, "cue_beyond_end", sentence % facts))
        elif before is not None and start < before[1] - TOLERANCE:
            facts |= {"m": number - 1, "start": webvtt_time(start), "end": webvtt_time(before[1])}
            sentence = _("第 %(n)d 条 %(start)s 开始，第 %(m)d 条 %(end)s 才结束，两条重叠了。")
            found.append(Problem(number, "cue_overlap", sentence % facts))
    return found


def refuse_problems(edited: Edited) -> None:
    """Raises EditRefused with the code of the first problem and the first few sentences."""
    if not edited.problems:
        return
    shown = " ".join(problem.sentence for problem in edited.problems[:MAX_SHOWN_PROBLEMS])
    rest = len(edited.problems) - MAX_SHOWN_PROBLEMS
    if rest > 0:
        shown += " " + _("另有 %(rest)d 处。") % {"rest": rest}
    raise EditRefused(shown, code=edited.problems[0].code)


def refuse_unreadable(edited: Edited) -> None:
    """Raises EditRefused when a time cannot be read: such a cue cannot be moved."""
    refuse_problems(
        Edited(edited.cues, [p for p in edited.problems if p.code == "cue_time_unreadable"])
    )


def shifted(cues: Sequence[Cue], *, by_seconds: float, seconds: float | None) -> list[Cue]:
    """All cues earlier or later. Raises EditRefused when one would leave the video."""
    if cues and min(cue[0] for cue in cues) + by_seconds < -TOLERANCE:
        room = min(cue[0] for cue in cues)
        raise EditRefused(
            _("这样移，第一条会早于片头。最多提前 %(room)g 秒。") % {"room": round(room, 3)},
            code="captions_shift_before_start",
        )
    last = max((cue[1] for cue in cues), default=0.0)
    if seconds is not None and last + by_seconds > seconds + TOLERANCE:
        raise EditRefused(
            _("这样移，最后一条会晚于片尾。最多推后 %(room)g 秒。")
            % {"room": round(max(0.0, seconds - last), 3)},
            code="captions_shift_beyond_end",
        )
    return [
        (max(0.0, round(start + by_seconds, 3)), round(end + by_seconds, 3), text)
        for start, end, text in cues
    ]
