"""Files made to break things, as real uploads: each refused with a code and a sentence staff read."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files import File
from django.core.files.storage import default_storage

from lms.common.clock import database_now
from lms.journal.models import JournalEntry
from media import jobs, probe, rules, services
from media.models import Rendition, TranscodeJob, Video
from tests import world
from tests.media import clips

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(280)]
# The same places in every run, and every run says which.
CUTS = random.Random(4).sample(range(1, 1000), 12)


def receive(path: Path) -> Video:
    with path.open("rb") as file:
        return services.receive_upload(
            file=File(file), name=path.name, title="第一讲", owner_unit=world.town(),
            by=None, at=database_now(),
        )  # fmt: skip


def playlist(path: Path, film: Path) -> Path:
    path.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{film}\n#EXT-X-ENDLIST\n")
    return path


MADE: dict[str, tuple[str, Callable[[Path, Path], Path]]] = {
    "a thousand tracks": (
        "too_many_streams", lambda folder, film: clips.many_tracks(folder / "many.mkv", film),
    ),
    "a million pictures a second": (
        "frame_rate_refused",
        lambda folder, _film: clips.million_a_second(folder / "fast.mp4", folder),
    ),
    "no length": ("duration_unknown", lambda folder, film: clips.no_time(folder / "zero.mkv", film)),
    "one picture": (
        "too_short", lambda folder, _film: clips.film(folder / "one.mp4", seconds=0.04, sound=False),
    ),
    "100,000 by 100,000": (
        "picture_too_large", lambda folder, _film: clips.huge_header(folder / "huge.mkv"),
    ),
    "thirty years": ("too_long", lambda folder, film: clips.endless(folder / "long.mkv", film)),
    "a playlist": ("playlist_file", lambda folder, film: playlist(folder / "list.mp4", film)),
}  # fmt: skip


@pytest.mark.parametrize("name", MADE)
def test_a_hostile_file_is_refused_with_its_code_and_keeps_nothing(
    uploads, tmp_path, short_film, name
):
    code, make = MADE[name]
    film = make(tmp_path, short_film)

    with pytest.raises(probe.VideoRefused) as caught:
        receive(film)

    assert (caught.value.code, caught.value.sentence) == (code, rules.SENTENCES[code])
    entry = JournalEntry.objects.get(action="video.upload")
    assert (entry.outcome, entry.code, entry.reason) == ("refused", code, rules.SENTENCES[code])
    assert not Video.objects.exists()
    assert not uploads.exists() or not [path for path in uploads.rglob("*") if path.is_file()]


@pytest.mark.parametrize("kind", ["mp4", "mp4 with its index first", "flv", "mkv"])
def test_a_recording_cut_anywhere_is_refused_or_plays_up_to_the_cut(shelf, tmp_path, kind):
    suffix = kind.split()[0]
    options = ("-movflags", "+faststart") if kind.endswith("first") else ()
    whole = clips.film(shelf / f"cut-{len(kind)}.{suffix}", seconds=8, options=options)
    data = whole.read_bytes()
    cut = tmp_path / f"cut.{suffix}"

    for thousandth in CUTS:
        cut.write_bytes(data[: len(data) * thousandth // 1000])
        said, seconds = looked_at(cut)
        assert said in ("", "truncated", "not_a_video", "duration_unknown"), thousandth
        assert said or 1 <= seconds <= 8.2, thousandth


def looked_at(path: Path) -> tuple[str, float]:
    """The code of the refusal, or how long the file is."""
    try:
        return "", probe.read_facts(path, max_seconds=60).seconds
    except probe.VideoRefused as refusal:
        return refusal.code, 0.0


def test_a_source_cut_after_its_check_shows_nothing_half(uploads, short_film):
    for thousandth in CUTS[:3]:
        video = receive(short_film)
        path = Path(video.source.path)
        path.write_bytes(path.read_bytes()[: path.stat().st_size * thousandth // 1000])

        jobs.transcode_video(video_id=video.pk, worker="w1")

        video.refresh_from_db()
        assert (video.state, video.build) == (Video.State.FAILED, None)
        assert video.failure_sentence == rules.SENTENCES[video.failure_code]
        assert TranscodeJob.objects.get(video=video).state == TranscodeJob.State.FAILED
        assert not Rendition.objects.filter(video=video).exists()
        assert default_storage.listdir(f"videos/{video.key}")[0] == []
