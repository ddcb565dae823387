"""The user guide: Chinese pages kept beside the code, shown in the product."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import nh3
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from markdown_it import MarkdownIt

from lms.people.access import public

FOLDER = Path(settings.BASE_DIR) / "lms" / "guide"
HEADING = re.compile(r"<h2>(.*?)</h2>")
CHARACTERS_A_MINUTE = 400


@dataclass(frozen=True)
class Chapter:
    """One file `NN-slug.md`: its first line is the title, its second paragraph the summary."""

    slug: str
    title: str
    summary: str
    body: str
    contents: tuple[dict[str, str], ...]
    minutes: int


@public
@require_GET
def guide_index(request: HttpRequest) -> HttpResponse:
    rows = [
        {"title": c.title, "summary": c.summary, "url": _url(c), "minutes": c.minutes}
        for c in chapters()
    ]
    return render(request, "guide/index.html", {"title": _("使用说明"), "chapters": rows})


@public
@require_GET
def guide_page(request: HttpRequest, slug: str) -> HttpResponse:
    every = chapters()
    place = next((at for at, chapter in enumerate(every) if chapter.slug == slug), None)
    if place is None:
        raise Http404
    chapter = every[place]
    return render(
        request,
        "guide/page.html",
        {
            "title": chapter.title,
            "chapter": {
                "title": chapter.title,
                "summary": chapter.summary,
                "body": mark_safe(chapter.body),  # noqa: S308 - our own files, cleaned by nh3
            },
            "contents": chapter.contents,
            "chapters": [
                {"title": c.title, "url": _url(c), "is_current": c.slug == slug} for c in every
            ],
            "previous": _link(every, place - 1),
            "next": _link(every, place + 1),
        },
    )


@lru_cache(maxsize=1)
def chapters() -> tuple[Chapter, ...]:
    """All chapters in the order of their file names."""
    return tuple(_read(path) for path in sorted(FOLDER.glob("*.md")))


def _read(path: Path) -> Chapter:
    title, summary, text = path.read_text(encoding="utf-8").split("\n\n", 2)
    html = nh3.clean(MarkdownIt("commonmark").enable("table").render(text))
    titles = HEADING.findall(html)
    for number, heading in enumerate(titles, start=1):
        html = html.replace(f"<h2>{heading}</h2>", f'<h2 id="s{number}">{heading}</h2>', 1)
    return Chapter(
        slug=path.stem.partition("-")[2],
        title=title.removeprefix("# ").strip(),
        summary=summary.strip(),
        body=html,
        contents=tuple(
            {"title": heading, "anchor": f"s{number}"}
            for number, heading in enumerate(titles, start=1)
        ),
        minutes=max(1, len(text) // CHARACTERS_A_MINUTE),
    )


def _url(chapter: Chapter) -> str:
    return reverse("guide-page", args=[chapter.slug])


def _link(every: tuple[Chapter, ...], place: int) -> dict[str, Any] | None:
    if not 0 <= place < len(every):
        return None
    return {"title": every[place].title, "url": _url(every[place])}
