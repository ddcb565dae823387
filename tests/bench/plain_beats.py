"""What beats are measured against: an ordinary Django view, one transaction a beat.

The same check of token and clock and the same rows; only the gathering is missing. Served as WSGI,
which is Django's fast way, without middleware.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

from datetime import timedelta
from time import time

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.urls import path

django.setup()

from lms.common.clock import database_now  # noqa: E402 - models need the set-up above
from media.beats.statement import TOLERANCE_SECONDS  # noqa: E402
from media.beats.wire import claim_of, read_beat  # noqa: E402
from media.models import ViewerClock, ViewingSession  # noqa: E402
from media.tokens import read_viewing_token  # noqa: E402
from media.viewing import missing_ranges  # noqa: E402


@transaction.atomic
def beat(request: HttpRequest) -> JsonResponse:
    body = read_beat(request.body)
    claim = claim_of(body, read_viewing_token(body.token, now=time(), session_key=None))
    clock = ViewerClock.objects.select_for_update().get(pk=claim.person_id)
    viewing = ViewingSession.objects.select_for_update().get(pk=claim.viewing_id)
    now = database_now()
    watched = _union(viewing.watched, claim.spans)
    gained = _seconds(watched) - _seconds(viewing.watched)
    consumed = max(clock.consumed_until, viewing.last_beat_at) + timedelta(
        seconds=gained / claim.rate
    )
    if consumed > now + timedelta(seconds=TOLERANCE_SECONDS):
        return JsonResponse({"code": "clock_exceeded"}, status=409)
    clock.consumed_until = consumed
    clock.save(update_fields=["consumed_until"])
    viewing.watched, viewing.last_beat_at = watched, now
    viewing.position_seconds = claim.position_seconds
    viewing.save(update_fields=["watched", "last_beat_at", "position_seconds"])
    answer = JsonResponse({"accepted": claim.spans, "missing": missing_ranges(viewing)})
    answer["Content-Length"] = len(answer.content)  # CommonMiddleware's work
    return answer


def _union(*parts: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(span for part in parts for span in part):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _seconds(spans: list[tuple[int, int]]) -> int:
    return sum(end - start for start, end in spans)


urlpatterns = [path("beats", beat)]
settings.ROOT_URLCONF = __name__
settings.MIDDLEWARE = []
application = WSGIHandler()
