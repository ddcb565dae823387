"""Clearing away builds that nobody shows: of dead workers, of failures, of replaced sources."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.storage import default_storage

from media import places
from media.links import QUANTUM_SECONDS
from media.models import Video


def discard_dead_builds(video: Video) -> None:
    """Delete every build of the video but the one it shows, and the one open pages may still play."""
    kept = Video.objects.values_list("build", "past_build").get(pk=video.pk)
    folders, _files = default_storage.listdir(places.video_folder(video.key))
    for folder in folders:
        if folder not in ("captions", *map(str, kept)):
            discard_files(video, build=uuid.UUID(folder))


def discard_past_builds(*, at: datetime) -> None:
    """Delete the builds of replaced sources once no signed address of them is valid any more."""
    over = at - timedelta(seconds=settings.QIANGJI["DELIVERY_TOKEN_SECONDS"] + QUANTUM_SECONDS)
    for video in Video.objects.filter(past_build__isnull=False, ready_at__lt=over):
        Video.objects.filter(pk=video.pk, past_build=video.past_build).update(past_build=None)
        discard_dead_builds(video)


def discard_files(video: Video, *, build: uuid.UUID) -> None:
    folder = f"{places.video_folder(video.key)}/{build}"
    try:
        _folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in names:
        default_storage.delete(f"{folder}/{name}")
    # A local disk keeps the empty folder; an object store has none.
    default_storage.delete(folder)
