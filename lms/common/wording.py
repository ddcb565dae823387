"""How figures, dates and titles are written: plain values in, text out. Nothing in, nothing out."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.utils.dateformat import format as format_date
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.common import rulers

MINUS = "−"
BETWEEN_TITLES = " · "
AFTER_COLON = re.compile(r"(?<=[:：])")


def hours_text(hours: Decimal | float | str | None) -> str:
    """Hours without idle zeros: 0.50 → "0.5", 38.75 → "38.75", -3.00 → "−3", 4116.5 → "4,116.5"."""
    if hours is None or hours == "":
        return ""
    text = f"{Decimal(str(hours)):,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text.replace("-", MINUS)


def count_text(number: int | None) -> str:
    """12345 → "12,345". Django groups Chinese figures by four, which nobody expects here."""
    return "" if number is None else f"{number:,}"


def clock_text(seconds: float | None) -> str:
    """730 → "12:10"."""
    return "" if seconds is None else rulers.clock_text(seconds)


def ranges_text(ranges: Iterable[Sequence[float]] | None, limit: int = 3) -> str:
    """[[730, 880], [1265, 1345]] → "12:10–14:40、21:05–22:25"; past `limit` it says how many there are."""
    spans = [f"{clock_text(start)}–{clock_text(end)}" for start, end in ranges or ()]
    text = _("、").join(spans[:limit])
    if len(spans) <= limit:
        return text
    return ngettext("%(ranges)s 等 %(count)s 段", "%(ranges)s 等 %(count)s 段", len(spans)) % {
        "ranges": text,
        "count": len(spans),
    }


def phrases(title: object) -> str:
    """Break a title after its colon, a unit's behind its package's, before breaking inside a phrase.

    Escapes the title.
    """
    parts = [AFTER_COLON.split(part) for part in str(title).split(BETWEEN_TITLES)]
    if sum(map(len, parts)) == 1:
        return escape(title)
    return SafeString(BETWEEN_TITLES.join(map(_unbroken, parts)))


def _unbroken(pieces: Iterable[str]) -> str:
    return "".join(
        f'<span class="inline-block">{escape(piece)}</span>' for piece in pieces if piece
    )


def day_text(value: date | None) -> str:
    """11月24日"""
    return format_date(value, _("n月j日")) if value else ""


def full_day_text(value: date | None) -> str:
    """2026年11月24日"""
    return format_date(value, _("Y年n月j日")) if value else ""


def weekday_text(value: date | None) -> str:
    """2026年11月24日 星期二"""
    return format_date(value, _("Y年n月j日 l")) if value else ""


def stamp_text(value: date | None) -> str:
    """11月24日 14:05"""
    return format_date(value, _("n月j日 H:i")) if value else ""


def clock_time_text(value: date | None) -> str:
    """14:05"""
    return format_date(value, "H:i") if value else ""


def full_stamp_text(value: date | None) -> str:
    """2026年11月24日 14:05"""
    return format_date(value, _("Y年n月j日 H:i")) if value else ""
