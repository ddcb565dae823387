"""What every request knows of its person, and what caches may know of the answer."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from lms.common.clock import local_date
from lms.common.origin import Origin, acting_from, plain_address
from lms.people.models import Posting
from lms.people.selectors import posting_on


class CurrentPosting:
    """`request.posting`: where the signed-in person serves today, read at most once; None without.

    Journal rows written while the request is answered say so, and which address it came from.
    Behind trusted proxies that is the client's (config/wsgi.py).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.posting = SimpleLazyObject(lambda: _posting_of(request))  # type: ignore[attr-defined]
        origin = Origin(
            address=plain_address(request.META.get("REMOTE_ADDR")),
            person=lambda: request.user,
            posting=lambda: request.posting or None,  # type: ignore[attr-defined]
        )
        with acting_from(origin):
            return self.get_response(request)


def _posting_of(request: HttpRequest) -> Posting | None:
    if not request.user.is_authenticated:
        return None
    return posting_on(person=request.user, on=local_date(timezone.now()))


class PrivateUnlessPublic:
    """No shared cache keeps a signed-in person's pages (security 6): they say
    `private, no-store` unless the view said otherwise."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control") and request.user.is_authenticated:
            response["Cache-Control"] = "private, no-store"
        return response
