"""Chapters as staff write them, a line each: `00:12:30 标题`. Plain text in, [[start_seconds, title], …] out."""

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _

from lms.common.errors import Refusal

Chapters = list[tuple[int, str]]
MOST = 200
LONGEST_TITLE = 80
CLOCK = r"(?:(\d{1,3})[:：])?(\d{1,3})[:：](\d{1,2})(?:[.,]\d{1,3})?"
LINE = re.compile(rf"\[?({CLOCK})\]?[\s、.\-–—]*(.*)")
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")


class ChaptersRefused(Refusal):
    """`line` is which chapter, from 1; 0 where it is the list as a whole."""

    code = "chapters_refused"
    status = 422
    sentence = "章节没有保存。"

    def __init__(self, sentence: str, *, code: str, line: int = 0) -> None:
        super().__init__(sentence, code=code)
        self.line = line


def read_lines(text: str) -> Chapters:
    """What the lines say, empty lines left out. Raises ChaptersRefused("chapter_unreadable")."""
    lines = [line.strip() for line in text.splitlines()]
    return [_read(line, number) for number, line in enumerate(filter(None, lines), start=1)]


def _read(line: str, number: int) -> tuple[int, str]:
    found = LINE.fullmatch(line)
    try:
        if found is None:
            raise ValueError
        return read_clock(found[1]), found[5].strip()
    except ValueError:
        raise ChaptersRefused(
            _("第 %(line)d 行读不出时间。一行一章，先写时间再写标题，如 00:12:30 怎么准入。")
            % {"line": number},
            code="chapter_unreadable", line=number,
        ) from None  # fmt: skip


def read_clock(text: str) -> int:
    """`1:02:30`, `62:30` → whole seconds, parts of one dropped. Raises ValueError."""
    found = re.fullmatch(CLOCK, text.strip())
    if found is None or int(found[3]) > 59 or (found[1] and int(found[2]) > 59):
        raise ValueError(text)
    return int(found[1] or 0) * 3600 + int(found[2]) * 60 + int(found[3])


def lines_of(chapters: Sequence[Sequence]) -> str:
    return "\n".join(f"{clock(start)} {title}" for start, title in chapters)


def clock(seconds: int) -> str:
    """750 → `00:12:30`."""
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def refuse_wrong(chapters: Chapters, *, span: tuple[int, int]) -> None:
    """Ordered, each time once, inside what is played, titles of plain text. Raises ChaptersRefused."""
    if len(chapters) > MOST:
        raise ChaptersRefused(
            _("最多 %(most)d 章，这里有 %(count)d 章。合并一些再保存。")
            % {"most": MOST, "count": len(chapters)},
            code="chapters_too_many",
        )  # fmt: skip
    before = -1
    for number, (start, title) in enumerate(chapters, start=1):
        code, sentence = _problem(start, title, before, span)
        if code:
            facts = {"line": number, "at": clock(start), "most": LONGEST_TITLE}
            raise ChaptersRefused(sentence % facts, code=code, line=number)
        before = start


def _problem(start: int, title: str, before: int, span: tuple[int, int]) -> tuple[str, str]:
    """The code and sentence of the first thing wrong with one chapter; empty when nothing is."""
    if not title:
        return "chapter_untitled", _("第 %(line)d 章（%(at)s）没有标题。写一个，或者删掉这章。")
    if len(title) > LONGEST_TITLE or UNPRINTABLE.search(title):
        return "chapter_title", _("第 %(line)d 章的标题要在一行里，最长 %(most)d 字。")
    if start <= before:
        return "chapter_order", _(
            "第 %(line)d 章（%(at)s）不晚于上一章。按时间先后排，一个时间只放一章。"
        )
    if not span[0] <= start < span[1]:
        return "chapter_outside", _(
            "第 %(line)d 章（%(at)s）不在播放的范围里。改时间，或者改片头片尾。"
        )
    return "", ""
