"""Where fragments lie: first in the working folder of a take, then in the store beside the builds."""

from pathlib import Path

from django.conf import settings

from media import places
from media.models import Livestream, Take
from media.rules import SLOW

PLAYLIST, MASTER = "live.m3u8", "live-master.m3u8"
INDEX, INIT = "index.m3u8", "init.mp4"
# What is made of a take beside what the encoder sends: folders in its own, words in names in the store.
AUDIO = "audio"
THIN = (SLOW, AUDIO)


def take_folder(key: object) -> Path:
    """Where ffmpeg writes while the encoder sends."""
    return Path(settings.RUN_DIR) / "live" / str(key)


def stored(livestream: Livestream, name: str) -> str:
    return places.build_file(livestream.video.key, livestream.build, name)


def fragment_name(take: Take, name: str, *, thin: str = "") -> str:
    """`00003.m4s` of the second take → `t2-00003.m4s`, of its slow picture → `t2-slow-00003.m4s`."""
    return f"t{take.number}-{thin}-{name}" if thin else f"t{take.number}-{name}"


def playlist_name(thin: str) -> str:
    return f"live-{thin}.m3u8" if thin else PLAYLIST
