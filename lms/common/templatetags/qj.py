"""Template tags of the site: thin skins over rulers, covers and wording.

Tags return finished markup built in Python. Pages call them in loops, so they include no template
and remember what does not change.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, Select, Textarea
from django.templatetags.static import static
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lms.common import covers, rulers, wording
from lms.common.rich_text import rich_text

register = template.Library()
Spans = Iterable[Sequence[float]]


def spans(value: Spans | str | None) -> Spans:
    """Ranges as they come from Python, or drawn by hand in a template: "0-46,61-100"."""
    if isinstance(value, str):
        return [[float(end) for end in part.split("-")] for part in value.split(",") if part]
    return value or ()


@lru_cache(maxsize=256)
def _icon(name: str, css: str) -> SafeString:
    classes = f"i {css}" if css else "i"
    sprite = static("icons.svg")
    return mark_safe(
        f'<svg class="{classes}" aria-hidden="true"><use href="{sprite}#i-{escape(name)}"/></svg>'
    )


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """{% icon "play" "i-lg" %}: a symbol of static/icons.svg, always decoration beside a word."""
    return _icon(name, css)


@register.simple_tag
def chip(kind: str, icon_name: str, word: Any) -> SafeString:
    """{% chip "ok" "check" word %}: status as icon and word. Kinds: ok info warn bad mute."""
    css = "chip" if kind == "mute" else f"chip chip-{kind}"
    return mark_safe(f'<span class="{css}">{_icon(icon_name, "")}{conditional_escape(word)}</span>')


@register.simple_tag
def tag(word: Any, is_strong: bool = False) -> SafeString:
    """{% tag word %}: a plain property; strong for 必修."""
    css = "tag tag-req" if is_strong else "tag"
    return mark_safe(f'<span class="{css}">{conditional_escape(word)}</span>')


@register.simple_tag
def ruler(
    total: float,
    segs: Spans | str = (),
    gaps: Spans | str = (),
    live: Spans | str = (),
    *,
    scale: str = "",
    now: float | None = None,
    need: float | None = None,
    label: str = "",
    h: float = 14,
    css: str = "seg",
) -> SafeString:
    """{% ruler total segs=ranges gaps=missing live=ranges scale="time" label=sentence %}

    total and ranges in one unit; ranges are [[start, end], …]. scale: "" without ticks,
    "num" for hours, "time" for seconds.
    """
    step, major = rulers.even_step(float(total), scale) if scale else (0.0, 0.0)
    return mark_safe(
        rulers.ruler(
            float(total),
            segs=spans(segs),
            gaps=spans(gaps),
            live=spans(live),
            step=step,
            major=major,
            labels=scale or "num",
            now=now,
            need=need,
            label=str(label),
            height=h,
            css=css,
        )
    )


@register.simple_tag
def bar(
    value: float,
    total: float,
    *,
    need: float | None = None,
    label: str = "",
    h: float = 8,
    css: str = "seg",
) -> SafeString:
    """{% bar 71 100 label="已看 71%" %}: one part from zero on a track of `total`."""
    drawn = rulers.ruler(
        float(total),
        segs=((0, float(value)),),
        need=need,
        label=str(label),
        height=h,
        css=css,
    )
    return mark_safe(drawn)


@register.simple_tag
def hours_ruler(
    earned: float, required: float, now: float | None = None, label: str = "", h: float = 18
) -> SafeString:
    """{% hours_ruler 38.75 50 now=44.9 label=sentence %}: a year's hours against what is required.

    More than required makes the ruler longer and marks the requirement on it.
    """
    got, asked = float(earned), float(required)
    total = max(got, asked) or 1.0
    step, major = rulers.even_step(total)
    drawn = rulers.ruler(
        total,
        segs=((0, got),),
        step=step,
        major=major,
        now=None if now is None or got >= asked else float(now),
        need=asked if got > asked else None,
        label=str(label),
        height=h,
    )
    return mark_safe(drawn)


@register.simple_tag
def days(earned: float, required: float, hours_per_day: float = 7.5) -> SafeString:
    """{% days 75 90 7.5 %}: in-person hours as one block a day."""
    per_day = float(hours_per_day)
    label = _("集中培训：要求 %(required)s 天，已完成 %(earned)s 天") % {
        "required": wording.hours_text(round(float(required) / per_day, 1)),
        "earned": wording.hours_text(round(float(earned) / per_day, 1)),
    }
    return mark_safe(
        rulers.days(float(earned), float(required), hours_per_day=per_day, label=label)
    )


@register.simple_tag
def cover(topic: str, seed: object = 1) -> SafeString:
    """{% cover course.topic course.key %}: the course's art, decided by topic and key."""
    return mark_safe(covers.cover(_as_drawn(topic), seed, str(topic)))


@register.simple_tag
def thumb(topic: str) -> SafeString:
    return mark_safe(covers.thumb(_as_drawn(topic), str(topic)))


def _as_drawn(topic: object) -> str:
    """The topic's Chinese name: a course keeps its pattern and colour when the reader changes the language."""
    return next((name for name in covers.TOPICS if _(name) == str(topic)), str(topic))


GRADES = ("reported", "timed", "witnessed", "documented")


@register.simple_tag
def grade(name: str) -> SafeString:
    """{% grade "timed" %}: the four evidence grades, filled up to this one."""
    return _grade(name, get_language() or "")


@lru_cache(maxsize=32)
def _grade(name: str, _language: str) -> SafeString:
    words = (_("自报"), _("计时"), _("见证"), _("文书"))
    reached = GRADES.index(name) if name in GRADES else -1
    drawn = []
    for index, word in enumerate(words):
        css = ' class="on at"' if index == reached else ' class="on"' if index < reached else ""
        current = ' aria-current="true"' if index == reached else ""
        drawn.append(f"<li{css}{current}>{escape(word)}</li>")
    return mark_safe(
        f'<ol class="grade" aria-label="{escape(_("证据等级"))}">{"".join(drawn)}</ol>'
    )


@register.simple_tag
def arithmetic(sums: Iterable[tuple[str, Any]], total: tuple[str, Any]) -> SafeString:
    """{% arithmetic w.sums w.total %}: lines of (name, value) and the line they lead to."""
    lines = "".join(
        f"<span>{conditional_escape(name)}</span><span>{conditional_escape(value)}</span>"
        for name, value in sums
    )
    name, value = (conditional_escape(word) for word in total)
    return mark_safe(
        f'<div class="sum">{lines}<span class="tot">{name}</span><span class="tot">{value}</span></div>'
    )


@register.simple_tag
def facts(rows: Iterable[dict[str, Any]]) -> SafeString:
    """{% facts w.facts %}: [{name, value, is_hash}] as a list of terms."""
    drawn = []
    for row in rows:
        css = ' class="hash self-center"' if row.get("is_hash") else ""
        name, value = conditional_escape(row["name"]), conditional_escape(row["value"])
        drawn.append(f"<dt>{name}</dt><dd{css}>{value}</dd>")
    return mark_safe(f'<dl class="kv mt-5">{"".join(drawn)}</dl>')


@register.simple_tag
def flow(steps: Iterable[Any]) -> SafeString:
    """{% flow steps %}: what happens to a package. steps: [{"word", "note", "state": ok|bad|wait}]."""
    drawn = []
    for step in steps:
        css = f' class="{step["state"]}"' if step["state"] in {"ok", "bad"} else ""
        note = conditional_escape(step.get("note") or "")
        drawn.append(
            f'<li{css}>{conditional_escape(step["word"])}<br><span class="num">{note}</span></li>'
        )
    return mark_safe(f'<ol class="flow" aria-label="{escape(_("进度"))}">{"".join(drawn)}</ol>')


@register.simple_tag
def field(bound: BoundField, label: str = "", hint: str = "") -> SafeString:
    """{% field form.login label=word hint=sentence %}: label, control, hint and errors, tied together."""
    name, control = escape(label or bound.label), bound.id_for_label
    is_check = isinstance(bound.field.widget, CheckboxInput)
    attrs: dict[str, Any] = {"class": _control_css(bound)}
    if hint:
        attrs["aria-describedby"] = f"{control}-hint"
    if bound.errors:
        attrs |= {"aria-invalid": "true", "aria-describedby": f"{control}-error"}
    attrs["placeholder"] = ""
    widget = bound.as_widget(attrs=attrs)
    if is_check:
        return mark_safe(f'<label class="facet" for="{control}">{widget}{name}</label>')
    below = f'<p class="hint" id="{control}-hint">{escape(hint)}</p>' if hint else ""
    wrong = "".join(f"<span>{escape(error)}</span>" for error in bound.errors)
    if wrong:
        below += f'<p class="fld-bad" id="{control}-error">{_icon("alert", "")}{wrong}</p>'
    return mark_safe(f'<div class="fld"><label for="{control}">{name}</label>{widget}{below}</div>')


def _control_css(bound: BoundField) -> str:
    kinds = {
        CheckboxInput: "checkbox checkbox-neutral", Select: "select", Textarea: "textarea",
    }  # fmt: skip
    widget = bound.field.widget
    return next((css for kind, css in kinds.items() if isinstance(widget, kind)), "input")


WORDS: dict[str, Callable[..., str]] = {
    "phrases": wording.phrases,
    "hours": wording.hours_text,
    "count": wording.count_text,
    "mmss": wording.clock_text,
    "ranges": wording.ranges_text,
    "rich": rich_text,
}
DATES: dict[str, Callable[..., str]] = {
    "day": wording.day_text,
    "full_day": wording.full_day_text,
    "weekday": wording.weekday_text,
    "stamp": wording.stamp_text,
    "full_stamp": wording.full_stamp_text,
}
for name, words in WORDS.items():
    register.filter(name, words)
for name, words in DATES.items():
    register.filter(name, words, expects_localtime=True)
