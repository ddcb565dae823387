"""A write that was denied is on record, wherever it was tried (security, head)."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from lms.common.acts import note
from lms.common.clock import database_now
from lms.common.origin import current_origin

READING = {"GET", "HEAD", "OPTIONS", "TRACE"}
DENIED = {403: "not_permitted", 404: "not_found"}


class DeniedWritesNoted:
    """A signed-in person's write that the site answers as missing or forbidden becomes a journal row,

    unless whoever refused it has noted it already, with what was asked for.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_denied = request.method not in READING and response.status_code in DENIED
        if is_denied and request.user.is_authenticated and not _is_noted():
            note(
                action="access.write_refused",
                by=request.user,
                at=database_now(),
                outcome="refused",
                code=DENIED[response.status_code],
                detail={"path": request.path[:300], "method": request.method},
            )
        return response


def _is_noted() -> bool:
    origin = current_origin()
    return origin is not None and origin.is_denial_noted
