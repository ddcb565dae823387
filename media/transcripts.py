"""A plain transcript as cues: times where `[mm:ss]` gives them, spread by length where it does not."""

import re
from collections.abc import Iterator
from itertools import pairwise

from django.utils.translation import gettext as _

from lms.common.errors import Refusal
from media.captions import MAX_CUES, Cue, visible_text
from media.cue_edits import read_clock

MARK = re.compile(
    r"\s*[\[［【(（]((?:\d{1,3}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?)[\]］】)）]", re.ASCII
)
SENTENCE = re.compile(r"[^。！？!?；;]+[。！？!?；;]*[”’」』)）]*")
LONG_LINE = 40
SHORTEST_SECONDS = 0.2
Line = tuple[float | None, str]


class TranscriptRefused(Refusal):
    code = "transcript_empty"
    status = 422
    sentence = "文稿里没有文字。把讲稿贴进来，一行一句；知道时间的行，前面写 [12:30]。"


def spread_transcript(text: str, *, seconds: float) -> list[Cue]:
    """Cues over the whole video, to be looked through before they are kept. Raises TranscriptRefused."""
    lines = list(marked_lines(text))
    if not lines:
        raise TranscriptRefused
    if len(lines) > MAX_CUES:
        raise TranscriptRefused(_("文稿超过 20,000 行，存不下。"), code="captions_too_many")
    if seconds <= 0:
        raise TranscriptRefused(
            _("还不知道视频有多长。等转码完再导入文稿。"), code="video_length_unknown"
        )
    first, *rest = lines
    lines = [(first[0] or 0.0, first[1]), *rest]
    marks = [(at, start) for at, (start, _words) in enumerate(lines) if start is not None]
    stops = [*marks, (len(lines), seconds)]
    cues: list[Cue] = []
    for (at, start), (until, end) in pairwise(stops):
        refuse_backward(start, end, is_last=until == len(lines))
        cues += spread([words for _start, words in lines[at:until]], start=start, end=end)
    return cues


def marked_lines(text: str) -> Iterator[Line]:
    """Lines with their time or None. Long lines become sentences; the time stays with the first."""
    pending: float | None = None
    for line in re.sub(r"\r\n?", "\n", text).split("\n"):
        found = MARK.match(line)
        if found:
            pending, line = read_clock(found[1]), line[found.end() :]
        for words in sentences(visible_text(line)):
            yield pending, words
            pending = None


def sentences(line: str) -> list[str]:
    if len(line) <= LONG_LINE:
        return [line] if line else []
    return [words for found in SENTENCE.findall(line) if (words := visible_text(found))]


def refuse_backward(start: float, end: float, *, is_last: bool) -> None:
    if start < end:
        return
    facts = {"start": minutes(start)}
    if is_last:
        raise TranscriptRefused(
            _("文稿里的 [%(start)s] 在片尾以后。请核对这个时间。") % facts,
            code="transcript_mark_beyond_end",
        )
    raise TranscriptRefused(
        _("文稿里 [%(start)s] 后面的时间比它早。时间要从前往后写。") % facts,
        code="transcript_marks_backward",
    )


def minutes(seconds: float) -> str:
    return f"{int(seconds) // 60:02}:{int(seconds) % 60:02}"


def spread(words: list[str], *, start: float, end: float) -> list[Cue]:
    """Each line as long as its share of the characters."""
    if (end - start) / len(words) < SHORTEST_SECONDS:
        raise TranscriptRefused(
            _("从 %(start)s 起的 %(n)d 行要挤在 %(room).1f 秒里。请核对时间，或者删去多余的行。")
            % {
                "start": minutes(start),
                "n": len(words),
                "room": end - start,
            },
            code="transcript_too_dense",
        )
    # A floor for each line, the rest by length: no line becomes too short to be seen.
    shared = (end - start) - SHORTEST_SECONDS * len(words)
    total = sum(map(len, words))
    cues, at = [], start
    for number, line in enumerate(words, start=1):
        until = at + SHORTEST_SECONDS + shared * len(line) / total
        until = end if number == len(words) else round(until, 3)
        cues.append((round(at, 3), round(until, 3), line))
        at = until
    return cues
