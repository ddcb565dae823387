"""Words people type into a box: what is kept of them, and what is refused in any of them."""

import re

# Control characters, and those that turn the direction of what follows.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def typed(text: str) -> str:
    """Line ends as one character, nothing around it."""
    return text.replace("\r\n", "\n").strip()


def is_readable(text: str) -> bool:
    return not UNPRINTABLE.search(text)
