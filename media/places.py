"""Where a video's files lie in the storage: one folder a video, one inside it for each build."""

import uuid

from media.models import Upload, Video


def video_folder(key: uuid.UUID) -> str:
    return f"videos/{key}"


def build_file(key: uuid.UUID, build: uuid.UUID, name: str) -> str:
    return f"videos/{key}/{build}/{name}"


def captions_file(key: uuid.UUID, digest: str) -> str:
    """Named by content and outside the builds: captions change without transcoding again."""
    return f"videos/{key}/captions/{digest}.vtt"


def captions_name(digest: str) -> str:
    """The name under a signed prefix."""
    return f"captions-{digest}.vtt"


def stored_name(*, video_key: uuid.UUID, build: uuid.UUID, name: str) -> str:
    """The storage's name for a file asked for under a signed prefix."""
    if name.startswith("captions-"):
        return captions_file(video_key, name.removeprefix("captions-").removesuffix(".vtt"))
    return build_file(video_key, build, name)


def source_file(video: Video) -> str:
    return str(video.source.name)


def source_of(key: uuid.UUID) -> str:
    return f"videos/{key}/source"


def destination_of(upload: Upload) -> str:
    """Where the whole file will lie: a video's source, or beside it the one that is to replace it."""
    if upload.replaces is None:
        return source_of(upload.key)
    return f"{video_folder(upload.replaces.key)}/source-{upload.key.hex[:12]}"


def incoming(key: uuid.UUID) -> str:
    """What has arrived of an upload: a file, or the pieces an object store keeps aside."""
    return f"incoming/{key}"
