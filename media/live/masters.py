"""What a player may choose from while a lecture is spoken, measured on the first fragments of a take."""

from pathlib import Path

from media import playlists
from media.live import places, timeline
from media.live.timeline import Stream
from media.models import Take
from media.probe import VideoRefused, run_probe
from media.transcode import AUDIO_CODECS

# A live encoder's rate follows the picture: slides now, somebody walking later.
HEADROOM = 1.25


def master_of(*, take: Take) -> str:
    """Raises FileNotFoundError when the take's folder is gone."""
    folder = places.take_folder(take.key)
    width, height = _size(folder)
    streams = [
        Stream(
            places.playlist_name(places.SLOW), _bandwidth(folder / places.SLOW),
            _codecs(folder / places.SLOW),
        ),
        Stream(places.PLAYLIST, _bandwidth(folder), _codecs(folder), width, height),
    ]  # fmt: skip
    if places.AUDIO in take.thin:
        alone = folder / places.AUDIO
        streams.append(Stream(places.playlist_name(places.AUDIO), _bandwidth(alone), AUDIO_CODECS))
    return timeline.live_master(streams)


def _bandwidth(folder: Path) -> int:
    listed = timeline.fragments_listed((folder / places.INDEX).read_text())
    rates = [
        (folder / each.name).stat().st_size * 8 / each.seconds
        for each in listed
        if each.seconds >= 1
    ]
    return int(max(rates, default=0) * HEADROOM)


def _codecs(folder: Path) -> str:
    """Nothing for a picture that is not H.264: a player then finds out by itself."""
    init = (folder / places.INIT).read_bytes()
    if b"avcC" not in init:
        return ""
    sound = f",{AUDIO_CODECS}" if b"soun" in init else ""
    return playlists.avc_codecs(init) + sound


def _size(folder: Path) -> tuple[int, int]:
    try:
        report = run_probe(
            folder / places.INIT, ["-show_entries", "stream=codec_type,width,height"]
        )
    except VideoRefused:
        return 0, 0
    for stream in report.get("streams", []):
        if stream["codec_type"] == "video":
            return int(stream.get("width", 0)), int(stream.get("height", 0))
    return 0, 0
