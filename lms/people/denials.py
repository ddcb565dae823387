"""A write that was denied is on record, wherever it was tried (security, head)."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from lms.common.acts import note
from lms.common.clock import database_now

READING = {"GET", "HEAD", "OPTIONS", "TRACE"}
DENIED = {403: "not_permitted", 404: "not_found"}


class DeniedWritesNoted:
    """A signed-in person's write that the site answers as missing or forbidden becomes a journal row.

    Refusals with a reason are noted by the service that gives the reason.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_denied = request.method not in READING and response.status_code in DENIED
        if is_denied and request.user.is_authenticated:
            note(
                action="access.write_refused",
                by=request.user,
                at=database_now(),
                outcome="refused",
                code=DENIED[response.status_code],
                address=request.META.get("REMOTE_ADDR") or None,
                detail={"path": request.path[:300], "method": request.method},
            )
        return response
