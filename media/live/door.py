"""What nginx asks for an encoder that wants to publish, and every few seconds while one does."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from lms.common.clock import database_now
from lms.common.origin import plain_address
from lms.people.access import public
from media.live import passes, services
from media.live.passes import Pass


@public
@csrf_exempt
@require_POST
def encoder_permit(request: HttpRequest) -> HttpResponse:
    """`on_publish`: 302 with the gate's address to relay to, or 403. `on_update`: 204, or 403 to drop it.

    The module asks for its own relay as well (`update_play`), which is none of our business.
    """
    call = request.POST.get("call")
    shown = passes.by_key(
        name=_said_once(request, "name"),
        key=_said_once(request, "key"),
        address=plain_address(request.POST.get("addr")),
    )
    if call == "publish":
        return _publish(shown)
    is_refused = call == "update_publish" and not services.may_go_on(shown=shown)
    return HttpResponse(status=403 if is_refused else 204)


def _publish(shown: Pass) -> HttpResponse:
    try:
        services.let_in(shown=shown, at=database_now())
    except services.PublishingRefused:
        return HttpResponse(status=403)
    return HttpResponse(
        status=302, headers={"Location": settings.QIANGJI["LIVE_GATE"] + shown.written()}
    )


def _said_once(request: HttpRequest, name: str) -> str:
    """What follows the encoder's own `?` is in the form as well: said twice counts as not said."""
    values = request.POST.getlist(name)
    return values[0] if len(values) == 1 else ""
