"""Real files through real ffmpeg: the ladder, equal cuts, sound in step, and nothing half done."""

from itertools import accumulate
from pathlib import Path

import pytest
from PIL import Image

from media import probe, transcode
from media.playlists import cut_points
from tests.media import clips


def built(source: Path, folder: Path, seen: list[int] | None = None) -> transcode.Build:
    folder.mkdir(parents=True)
    facts = probe.read_facts(source, max_seconds=120)
    return transcode.make_build(
        source=source,
        facts=facts,
        folder=folder,
        on_progress=(seen if seen is not None else []).append,
    )


@pytest.fixture(scope="session")
def progress() -> list[int]:
    return []


@pytest.fixture(scope="session")
def full_build(shelf, progress) -> transcode.Build:
    """A 1080p source of 14 s at 29.97 frames a second, with sound."""
    source = clips.film(shelf / "full.mp4", seconds=14, size="1920x1080", rate="30000/1001")
    return built(source, shelf / "full", progress)


def names(build: transcode.Build) -> list[str]:
    return [variant.playlist.name for variant in build.variants]


def test_a_1080p_source_gives_four_rungs_and_sound(full_build):
    assert names(full_build) == ["slow", "360p", "720p", "1080p", "audio"]
    assert [(v.width, v.height) for v in full_build.pictures] == [
        (1280, 720),
        (640, 360),
        (1280, 720),
        (1920, 1080),
    ]


def test_all_rungs_cut_at_the_same_instants(full_build):
    slow, *others = [cut_points(variant.playlist) for variant in full_build.pictures]

    assert set(others) == {(6000, 12000)}
    assert slow == (12000,)


def test_every_segment_begins_with_a_key_frame(full_build):
    for variant in full_build.pictures:
        init = (full_build.folder / variant.playlist.init).read_bytes()
        for name, _length in variant.playlist.segments:
            alone = full_build.folder.parent / "alone.mp4"
            alone.write_bytes(init + (full_build.folder / name).read_bytes())
            # Decodes by itself without complaint only when its first frame needs no other.
            assert clips.ffmpeg("-v", "error", "-i", str(alone), "-f", "null", "-") == ""


def test_every_rendition_starts_at_zero(full_build):
    for variant in full_build.variants:
        first = full_build.folder.parent / "first.mp4"
        segment = full_build.folder / variant.playlist.segments[0][0]
        first.write_bytes(
            (full_build.folder / variant.playlist.init).read_bytes() + segment.read_bytes()
        )
        assert clips.starts_at(first) == pytest.approx(0, abs=0.03), variant.playlist.name


def test_sound_that_begins_late_stays_in_step(shelf):
    late = shelf / "late.mp4"
    flash = "color=black:s=320x240:r=25:d=9,drawbox=c=white:t=fill:enable='between(t,5,5.2)'"
    beep = "aevalsrc='if(between(t,3.5,3.7),sin(2*PI*1000*t),0)':d=7"
    clips.ffmpeg(
        *("-f", "lavfi", "-i", flash, "-itsoffset", "1.5", "-f", "lavfi", "-i", beep),
        *("-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac", str(late)),
    )
    build = built(late, shelf / "late")

    heard = clips.ffmpeg(
        *("-i", str(build.folder / "audio.m3u8")),
        *("-af", "silencedetect=n=-40dB:d=0.3", "-f", "null", "-"),
    )
    onset = float(heard.split("silence_end: ")[1].split()[0])
    assert onset == pytest.approx(5, abs=0.06)
    assert build.audio is not None
    assert build.audio.playlist.seconds == pytest.approx(9, abs=0.1)


def test_a_silent_upright_source_gives_upright_rungs_and_no_sound(shelf):
    source = clips.film(shelf / "upright.mp4", seconds=2, size="540x960", sound=False)

    build = built(source, shelf / "upright")

    assert [(v.width, v.height) for v in build.variants] == [(540, 960), (360, 640), (540, 960)]
    assert "audio" not in (build.folder / "master.m3u8").read_text()
    assert build.slides is None


def test_the_master_names_codecs_and_sizes(full_build):
    master = (full_build.folder / "master.m3u8").read_text()

    assert 'CODECS="avc1.64001F,mp4a.40.2",RESOLUTION=1280x720,FRAME-RATE=30.000' in master
    assert 'CODECS="avc1.64001F,mp4a.40.2",FRAME-RATE=1.000' in master
    for variant in full_build.pictures:
        measured = variant.playlist.bandwidth + full_build.audio.playlist.bandwidth
        assert f"BANDWIDTH={measured}," in master


def test_stills_show_the_video(full_build):
    index = (full_build.folder / "thumbnails.vtt").read_text()

    with Image.open(full_build.folder / "poster.jpg") as poster:
        assert poster.size == (1280, 720)
    with Image.open(full_build.folder / "sprite-001.jpg") as sheet:
        assert sheet.size == (5 * 192, 5 * 108)
    assert index.count("-->") == 3


def test_progress_rises_and_leaves_the_last_step_to_verification(full_build, progress):
    assert progress == list(accumulate(progress, max))
    assert progress[-1] == 99


def test_names_of_people_and_places_in_a_source_are_dropped(shelf):
    source = shelf / "tagged.mp4"
    clips.film(
        source, seconds=2, options=("-metadata", "title=SECRET", "-metadata", "location=+28")
    )

    build = built(source, shelf / "tagged")

    assert not [path.name for path in build.files if b"SECRET" in path.read_bytes()]


@pytest.mark.parametrize(
    "lost", ["360p-00001.m4s", "slow.m3u8", "sprite-001.jpg", "360p-init.mp4", "slide-0001.webp"]
)
def test_a_build_with_a_file_missing_is_refused(shelf, short_film, tmp_path, monkeypatch, lost):
    real = transcode.run_ffmpeg

    def lose(arguments, **options):
        done = real(arguments, **options)
        (tmp_path / "out" / lost).unlink(missing_ok=True)
        return done

    monkeypatch.setattr(transcode, "run_ffmpeg", lose)

    with pytest.raises(probe.VideoRefused) as caught:
        built(short_film, tmp_path / "out")

    assert caught.value.code in ("renditions_incomplete", "transcode_failed")


def test_a_transcode_that_takes_too_long_is_stopped(short_film, tmp_path, monkeypatch):
    monkeypatch.setattr(transcode.rules, "time_allowed", lambda seconds: 0)

    with pytest.raises(probe.VideoRefused) as caught:
        built(short_film, tmp_path / "out")

    assert caught.value.code == "transcode_timed_out"
