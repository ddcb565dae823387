"""Readers: the livestream of a video, and what its player is told."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from lms.people.models import Person
from media.links import signed_prefix
from media.live.places import AUDIO, MASTER, PLAYLIST, SLOW, THIN, playlist_name
from media.models import Livestream, Video


def livestream_of(video: Video) -> Livestream | None:
    """The livestream whose timeline the video is, until its ladder is ready."""
    if video.is_ready:
        return None
    return Livestream.objects.select_related("video").filter(video=video).first()


def planned_livestream(video: Video) -> Livestream | None:
    """The livestream a video is or was, without a query where it was read along with the video."""
    return getattr(video, "livestream", None)


def expected_seconds(video: Video) -> int:
    """The video's length; of a lecture not yet over the planned one; 0 when neither is known."""
    livestream = planned_livestream(video)
    if livestream is None or livestream.state == Livestream.State.ENDED or video.is_ready:
        return video.duration_seconds
    return int((livestream.ends_at - livestream.starts_at).total_seconds())


def can_be_watched(video: Video) -> bool:
    """Whether there is something to play: renditions, or a lecture that has begun."""
    livestream = livestream_of(video)
    return video.is_ready or (livestream is not None and livestream.has_begun)


def live_urls(*, livestream: Livestream, viewer: Person, at: datetime) -> dict[str, Any]:
    """`selectors.delivery_urls` of a lecture that has no renditions yet: its own fragments."""
    prefix = signed_prefix(
        video_key=livestream.video.key, build=livestream.build, viewer_id=viewer.pk, at=at
    )
    thin = livestream.takes.aggregate(
        **{name: Count("pk", filter=Q(thin__has_key=name)) for name in THIN}
    )
    return {
        "manifest_url": prefix + (MASTER if thin[SLOW] else PLAYLIST),
        "poster_url": "",
        "thumbnails_url": "",
        "audio_url": prefix + playlist_name(AUDIO) if thin[AUDIO] else "",
        "slides_url": "",
        "slides_bytes": 0,
        "data_per_hour": {},
        "captions": [],
        "is_live": livestream.state != Livestream.State.ENDED,
    }
