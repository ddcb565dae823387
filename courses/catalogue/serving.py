"""Which view renders a page. The views live above, where learners' progress is known; they register
themselves here when Django starts, so that pages serve and preview through one door."""

from collections.abc import Callable

from django.http.response import HttpResponseBase
from wagtail.models import Page

PageView = Callable[..., HttpResponseBase]

_views: dict[type[Page], PageView] = {}


def serve_with(page_class: type[Page], view: PageView) -> None:
    _views[page_class] = view


def view_of(page_class: type[Page]) -> PageView:
    return _views[page_class]
