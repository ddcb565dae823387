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
from media.models import CaptionTrack, Rendition, Upload, Video


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
    rates = {each.name: each for each in video.renditions.filter(build=video.build)}
    slides = rates.get(Rendition.SLIDES)
    return {
        "manifest_url": prefix + "master.m3u8",
        "poster_url": prefix + "poster.jpg",
        "thumbnails_url": prefix + "thumbnails.vtt",
        "audio_url": prefix + "audio.m3u8" if video.has_audio else "",
        "slides_url": prefix + "slides.vtt" if slides else "",
        "slides_bytes": slides.bytes if slides else 0,
        "data_per_hour": data_per_hour(
            {name: rendition.average_bandwidth for name, rendition in rates.items()}
        ),
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


def data_per_hour(rates: dict[str, int]) -> dict[str, int]:
    """Megabytes an hour of each way to watch, from bits a second of its parts.

    Every picture comes with the sound; `slides` are the pictures of slides with the sound.
    """
    sound = rates.get(Rendition.AUDIO, 0)
    parts = {
        name: rate if name == Rendition.AUDIO else rate + sound for name, rate in rates.items()
    }
    return {name: max(1, round(rate * 3600 / 8 / 10**6)) for name, rate in parts.items()}
