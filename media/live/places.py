"""Where fragments lie: first in the working folder of a take, then in the store beside the builds."""

from pathlib import Path

from django.conf import settings

from media import places
from media.models import Livestream, Take

PLAYLIST = "live.m3u8"


def take_folder(key: object) -> Path:
    """Where ffmpeg writes while the encoder sends."""
    return Path(settings.RUN_DIR) / "live" / str(key)


def stored(livestream: Livestream, name: str) -> str:
    return places.build_file(livestream.video.key, livestream.build, name)


def fragment_name(take: Take, name: str) -> str:
    """`00003.m4s` of the second take → `t2-00003.m4s`."""
    return f"t{take.number}-{name}"
