"""Where the source of a video lies now, and how a worker gets it as a local file."""

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.files.storage import Storage, default_storage, storages

from media.models import SourceReplacement, Video

PIECE_BYTES = 8 * 1024 * 1024


def cold_storage() -> Storage | None:
    """The cheaper storage, where one is configured."""
    return storages[settings.COLD_STORAGE] if settings.COLD_STORAGE else None


def stored_source(video: Video) -> tuple[Storage, str]:
    """Storage and name of what the next transcode reads: a confirmed replacement before the source."""
    waiting = SourceReplacement.objects.filter(video=video, confirmed_at__isnull=False).first()
    if waiting is not None:
        return default_storage, str(waiting.source.name)
    return present_source(video)


def present_source(video: Video) -> tuple[Storage, str]:
    """Storage and name of the source of what is shown now."""
    cold = cold_storage()
    if video.cold_name and cold is not None:
        return cold, video.cold_name
    return default_storage, str(video.source.name)


def local_file(
    stored: tuple[Storage, str], *, folder: Path, on_piece: Callable[[], None] = lambda: None
) -> Path:
    """The file in place on a local disk; copied into `folder` from anywhere else."""
    storage, name = stored
    try:
        return Path(storage.path(name))
    except NotImplementedError:
        path = folder / "source"
        with storage.open(name, "rb") as file, path.open("wb") as local:
            for piece in file.chunks(PIECE_BYTES):
                local.write(piece)
                on_piece()
        return path
