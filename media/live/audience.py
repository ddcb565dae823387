"""How many watch a lecture at this moment: persons whose page has lately been heard of."""

from datetime import timedelta

from django.core.cache import cache
from django.db.models.functions import Now

from media.models import Livestream, ViewingSession

# Players send a beat every ten seconds; one may be late.
HEARD_WITHIN = timedelta(seconds=30)
KEPT_SECONDS = 5


def viewers_of(livestream: Livestream) -> int:
    """Persons, not pages; counted anew every five seconds. The most there ever were is kept."""
    key = f"live-viewers:{livestream.pk}"
    known = cache.get(key)
    if known is not None:
        return int(known)
    watching = ViewingSession.objects.filter(
        video=livestream.video_id, last_beat_at__gt=Now() - HEARD_WITHIN
    ).count()
    Livestream.objects.filter(pk=livestream.pk, peak_viewers__lt=watching).update(
        peak_viewers=watching
    )
    cache.set(key, watching, KEPT_SECONDS)
    return watching
