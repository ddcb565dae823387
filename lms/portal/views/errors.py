"""Pages for what went wrong: what happened, why, what to do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def unreadable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(
    request: HttpRequest, exception: Exception | None = None, **_arguments: str
) -> HttpResponse:
    return render(request, "404.html", status=404)
