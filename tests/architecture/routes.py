"""Every address of the site, from the URL resolver."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

OURS = ("lms.", "courses.", "media.", "config.")


@dataclass(frozen=True)
class Route:
    """`path` as written in the URL files, `view` what answers, `name` with its namespaces."""

    path: str
    view: Callable
    name: str

    @property
    def module(self) -> str:
        inner = getattr(self.view, "view_class", None) or getattr(self.view, "func", self.view)
        return str(getattr(inner, "__module__", type(inner).__module__))

    @property
    def policy(self) -> str | None:
        """What the view says of itself, or the class behind it."""
        inner = getattr(self.view, "view_class", None)
        return getattr(self.view, "access_policy", getattr(inner, "access_policy", None))

    @property
    def parameters(self) -> list[str]:
        return re.findall(r"<(?:\w+:)?(\w+)>", self.path)

    @property
    def is_ours(self) -> bool:
        return self.module.startswith(OURS)


def every_route() -> list[Route]:
    return list(_walk(get_resolver().url_patterns, "", ""))


def _walk(patterns: list, path: str, namespace: str) -> Iterator[Route]:
    for entry in patterns:
        here = path + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry.url_patterns, here, inner)
        elif isinstance(entry, URLPattern):
            yield Route(here, entry.callback, f"{namespace}{entry.name}" if entry.name else "")
