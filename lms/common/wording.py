"""How figures and titles are written: plain values in, text out."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from html import escape

from lms.common.rulers import clock_text

MINUS = "−"
AFTER_COLON = re.compile(r"(?<=[:：])")


def hours_text(hours: Decimal | float | str) -> str:
    """Hours without idle zeros: 0.50 → "0.5", 38.75 → "38.75", -3.00 → "−3"."""
    amount = Decimal(str(hours))
    text = f"{amount:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text.replace("-", MINUS)


def ranges_text(ranges: Iterable[Sequence[float]], limit: int = 3) -> str:
    """[[730, 880], [1265, 1345]] → "12:10–14:40、21:05–22:25"; past `limit` it says how many more."""
    spans = [f"{clock_text(start)}–{clock_text(end)}" for start, end in ranges]
    text = "、".join(spans[:limit])
    return f"{text} 等 {len(spans)} 段" if len(spans) > limit else text


def phrases(title: str) -> str:
    """Break a title after its colon before breaking inside a phrase. Escapes the title."""
    pieces = AFTER_COLON.split(title)
    if len(pieces) == 1:
        return escape(title)
    return "".join(f'<span class="inline-block">{escape(piece)}</span>' for piece in pieces)
