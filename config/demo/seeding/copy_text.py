"""PostgreSQL's COPY text form."""

from collections.abc import Sequence
from typing import Any

ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n"})


def copy_line(values: Sequence[Any]) -> str:
    """One row in COPY's text form; None is NULL, bytes are bytea."""
    return "\t".join(map(_field, values)) + "\n"


def _field(value: Any) -> str:
    if value is None:
        return "\\N"
    if value is True or value is False:
        return "t" if value else "f"
    if isinstance(value, bytes):
        return "\\\\x" + value.hex()
    text = value if isinstance(value, str) else str(value)
    # Looking three times is far cheaper than translating every character.
    return text.translate(ESCAPES) if "\\" in text or "\n" in text or "\t" in text else text
