"""Input no page can read is refused before any page sees it (security 13)."""

from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

# Longer than any address of ours. Python refuses to read a number of more than 4,300 digits.
LONGEST_PATH = 2000


class RefuseUnreadableInput:
    """NUL bytes and broken UTF-8 in path, query or cookies answer 400; PostgreSQL would answer 500."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        raw = request.META.get("QUERY_STRING", "") + request.path_info
        if "%00" in raw or "\x00" in raw or not _readable(raw):
            return render(request, "400.html", status=400)
        # A quoted cookie spells its bytes in octal: only the parsed value shows them.
        if len(request.path_info) > LONGEST_PATH or any(
            "\x00" in v for v in request.COOKIES.values()
        ):
            return render(request, "400.html", status=400)
        return self.get_response(request)


def _readable(text: str) -> bool:
    try:
        unquote_to_bytes(text.encode("utf-8", "surrogatepass")).decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
