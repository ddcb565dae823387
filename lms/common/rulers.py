"""Geometry of the evidence ruler and its relatives, as SVG text.

Plain Python: numbers in, markup out. Positions are percentages in SVG attributes, because the
content security policy refuses style attributes. Text that reaches these functions is escaped here.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from html import escape

Span = Sequence[float]
RADIUS = 2
LIVE_SHARE = 0.35  # of the bar's height; evidence.ts draws the same
TICK_ROOM = 22  # room below a bar for ticks and their numbers


def clock_text(seconds: float) -> str:
    """730 → "12:10"; 3725 → "1:02:05". Whole seconds, rounded down."""
    minutes, second = divmod(int(seconds), 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour}:{minute:02d}:{second:02d}" if hour else f"{minute}:{second:02d}"


def percent(part: float, whole: float) -> str:
    """Position along a ruler, kept within it: (75, 300) → "25%"."""
    share = min(max(part / whole, 0.0), 1.0) if whole else 0.0
    return f"{share * 100:.2f}".rstrip("0").rstrip(".") + "%"


def parts(spans: Iterable[Span], total: float, css: str, top: float, height: float) -> str:
    """Filled or hatched parts. A part outside the ruler is cut to it."""
    drawn = []
    for start, end, *_ in spans:
        left, right = max(float(start), 0.0), min(float(end), float(total))
        if right <= left:
            continue
        corner = f' rx="{RADIUS}"' if css != "gap" else ""
        drawn.append(
            f'<rect class="{css}" x="{percent(left, total)}" y="{top:g}"'
            f' width="{percent(right - left, total)}" height="{height:g}"{corner}/>'
        )
    return "".join(drawn)


@lru_cache(maxsize=512)
def ticks(total: float, step: float, major: float, top: float, labels: str) -> str:
    """Ticks every `step`, numbered every `major`; the first and last number stay inside the ruler."""
    drawn = []
    count = int(total / step + 1e-9)
    for index in range(count + 1):
        value = index * step
        is_major = abs(value / major - round(value / major)) < 1e-6
        at = percent(value, total)
        css = "tk tk-major" if is_major else "tk"
        foot = top + (8 if is_major else 5)
        drawn.append(f'<line class="{css}" x1="{at}" x2="{at}" y1="{top + 2:g}" y2="{foot:g}"/>')
        if is_major:
            word = clock_text(value) if labels == "time" else f"{value:g}"
            anchor = "start" if index == 0 else "end" if value >= total * 0.97 else "middle"
            drawn.append(f'<text x="{at}" y="{top + 20:g}" text-anchor="{anchor}">{word}</text>')
    return "".join(drawn)


def even_step(total: float, kind: str = "num") -> tuple[float, float]:
    """(step, major) that give a ruler four to seven numbers, for hours ("num") or seconds ("time")."""
    ladder: tuple[tuple[float, float], ...] = (
        (
            (5, 15),
            (5, 30),
            (10, 60),
            (30, 120),
            (60, 300),
            (60, 600),
            (300, 1800),
            (600, 3600),
        )
        if kind == "time"
        else ((0.25, 1), (0.5, 2), (1, 5), (1, 10), (5, 20), (5, 50), (10, 100))
    )
    for step, major in ladder:
        if total / major <= 6:
            return step, major
    return ladder[-1]


def ruler(
    total: float,
    *,
    segs: Iterable[Span] = (),
    live: Iterable[Span] = (),
    gaps: Iterable[Span] = (),
    step: float = 0,
    major: float = 0,
    labels: str = "num",
    now: float | None = None,
    need: float | None = None,
    label: str = "",
    height: float = 14,
    css: str = "seg",
) -> str:
    """The evidence ruler: a track of `total` units with filled `segs` and hatched `gaps`.

    `live` puts an ink band along the foot of the parts that were watched while they were spoken.
    `now` draws an ink line (where one should be today), `need` a cinnabar one (what is required).
    `label` is the sentence a screen reader hears; without it the ruler is decoration.
    """
    whole = float(total) or 1.0
    top = 5.0 if now is not None or need is not None else 1.0
    bottom = top + height
    drawn = [
        f'<rect class="trk" x="0" y="{top:g}" width="100%" height="{height:g}" rx="{RADIUS}"/>',
        parts(segs, whole, css, top, height),
        parts(live, whole, "seg-live", top + height * (1 - LIVE_SHARE), height * LIVE_SHARE),
        parts(gaps, whole, "gap", top, height),
    ]
    for name, value in (("need", need), ("now", now)):
        if value is not None:
            at = percent(float(value), whole)
            drawn.append(
                f'<line class="{name}" x1="{at}" x2="{at}" y1="{top - 4:g}" y2="{bottom + 4:g}"/>'
            )
    if step:
        drawn.append(ticks(whole, step, major or step, bottom, labels))
        bottom += TICK_ROOM
    return svg(drawn, bottom + 2 + (top - 1), label)


def svg(drawn: Iterable[str], height: float, label: str) -> str:
    spoken = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return f'<svg class="ruler" height="{height:g}" {spoken}>{"".join(drawn)}</svg>'


def days(earned: float, required: float, *, hours_per_day: float, label: str) -> str:
    """In-person training as day blocks: one block a day, a half block from half a day on."""
    blocks = max(round(float(required) / hours_per_day), 1)
    halves = int(float(earned) / hours_per_day * 2 + 1e-9)
    drawn = []
    for index in range(blocks):
        filled = halves - index * 2
        css = "day day-on" if filled >= 2 else "day day-half" if filled == 1 else "day"
        drawn.append(f'<span class="{css}"></span>')
    return f'<div class="days" role="img" aria-label="{escape(label)}">{"".join(drawn)}</div>'
