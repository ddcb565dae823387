"""Addresses people can read aloud: a Chinese title becomes a few words of pinyin."""

import re

import rjieba
from pypinyin import lazy_pinyin

LONGEST = 40
READABLE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
NOT_A_WORD = re.compile(r"[^a-z0-9]+")


def is_readable(slug: str) -> bool:
    """Lower-case ASCII words joined by hyphens, with a letter among them."""
    return bool(READABLE.fullmatch(slug)) and not slug.isdecimal()


def slug_from_title(title: str) -> str:
    """`一张网格管到底：网格事项准入与闭环` → `yizhang-wangge-guan-daodi`; "course" where nothing is left.

    What stands before the colon is enough, and words are kept whole.
    """
    head = re.split("[:：]", title.strip(), maxsplit=1)[0] or title
    words = (NOT_A_WORD.sub("", "".join(lazy_pinyin(w)).lower()) for w in rjieba.cut(head))
    slug = ""
    for word in filter(None, words):
        longer = f"{slug}-{word}".strip("-")
        if len(longer) > LONGEST:
            break
        slug = longer
    return slug if is_readable(slug) else f"course-{slug}".strip("-")
