"""Chinese text as words with spaces, for an index that would read a sentence as one word."""

import rjieba
from django.utils.html import strip_tags


def segmented(*texts: str) -> str:
    """The words of some texts, markup removed; used for indexing and for queries alike."""
    plain = strip_tags(" ".join(texts).replace("><", "> <"))
    return " ".join(word for word in rjieba.cut_for_search(plain) if not word.isspace())
