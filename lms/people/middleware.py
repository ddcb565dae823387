"""Pages of a signed-in person are theirs: no shared cache keeps them (security 6)."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class PrivateUnlessPublic:
    """Answers of requests that carry a person say `private, no-store` unless the view said otherwise."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control") and request.user.is_authenticated:
            response["Cache-Control"] = "private, no-store"
        return response
