"""Readers: which videos a person may manage, and the addresses of a video's files."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from lms.people.models import Person
from lms.people.roles import Permission
from lms.people.selectors import units_visible_to
from media import places
from media.links import signed_prefix
from media.models import CaptionTrack, Upload, Video


def videos_visible_to(*, person: Person, on: date) -> QuerySet[Video]:
    """Videos of the units in which `person` manages videos."""
    units = units_visible_to(person=person, permission=Permission.MANAGE_VIDEOS, on=on)
    return Video.objects.filter(owner_unit__in=units)


def uploads_visible_to(*, person: Person, on: date) -> QuerySet[Upload]:
    """One's own uploads alone, and only for units in which one still manages videos."""
    units = units_visible_to(person=person, permission=Permission.MANAGE_VIDEOS, on=on)
    return Upload.objects.filter(person=person, owner_unit__in=units)


def caption_tracks(video: Video) -> list[CaptionTrack]:
    """The video's captions with their cues, the default one first."""
    return list(video.captions.order_by("-is_default", "language"))


def delivery_urls(
    *, video: Video, captions: Iterable[CaptionTrack], viewer: Person, at: datetime
) -> dict[str, Any]:
    """Addresses for the player, valid for DELIVERY_TOKEN_SECONDS.

    Whoever calls this has decided that `viewer` may see the video; nothing else guards the files.
    """
    if video.build is None:
        raise ValueError(f"{video.key} has no finished build")
    prefix = signed_prefix(video_key=video.key, build=video.build, viewer_id=viewer.pk, at=at)
    return {
        "manifest_url": prefix + "master.m3u8",
        "poster_url": prefix + "poster.jpg",
        "thumbnails_url": prefix + "thumbnails.vtt",
        "audio_url": prefix + "audio.m3u8" if video.has_audio else "",
        "captions": [
            {
                "language": track.language,
                "label": track.label,
                "url": prefix + places.captions_name(track.digest),
                "default": track.is_default,
            }
            for track in captions
        ],
    }
