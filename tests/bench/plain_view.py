"""The site beside a bare Django view: what a request costs before anything is done for it."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse

from config.wsgi import application as site


def plain_view(request: WSGIRequest) -> HttpResponse:
    return HttpResponse(b"ok", headers={"Content-Length": "2"})


def application(environ, start_response):
    """The bare view has Django's request and response around it and no middleware."""
    if environ["PATH_INFO"] != "/plain-view/":
        return site(environ, start_response)
    response = plain_view(WSGIRequest(environ))
    start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
    return response
