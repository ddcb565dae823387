"""Sources move to the cheaper storage and back, compared with what was uploaded each time."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from lms.common.clock import database_now
from lms.journal.models import JournalEntry
from media import cold, jobs, sources
from media.models import TranscodeJob, Video
from media.probe import VideoRefused
from tests import world
from tests.media.staff.conftest import make_video

pytestmark = pytest.mark.django_db


@pytest.fixture
def cheap(settings, tmp_path) -> Path:
    """A cold storage of the test's own."""
    settings.STORAGES = {
        **settings.STORAGES,
        "cold": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "cold"},
        },
    }
    settings.COLD_STORAGE = "cold"
    return tmp_path / "cold"


@pytest.fixture
def video(uploads, short_film) -> Video:
    """Ready as far as the record goes; its source is real."""
    made = make_video(short_film, world.town())
    TranscodeJob.objects.filter(video=made).update(state=TranscodeJob.State.DONE)
    Video.objects.filter(pk=made.pk).update(
        state=Video.State.READY, build="00000000-0000-4000-8000-000000000001",
        ready_at=database_now() - timedelta(days=40),
    )  # fmt: skip
    made.refresh_from_db()
    return made


def archive(video: Video) -> bool:
    return cold.archive_source(video=video, by=None, at=database_now())


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_source_moves_after_both_copies_were_compared(video, cheap):
    warm = video.source.name

    assert archive(video)

    video.refresh_from_db()
    assert video.cold_since is not None
    assert [path.stat().st_size for path in files(cheap)] == [video.source_bytes]
    assert not default_storage.exists(warm)
    entry = JournalEntry.objects.get(action="video.source_archived")
    assert entry.detail["bytes"] == video.source_bytes


def test_a_source_that_differs_from_the_upload_stays_where_it_is(video, cheap):
    Path(video.source.path).write_bytes(b"rot")

    with pytest.raises(VideoRefused, match="和上传时不一样") as caught:
        archive(video)

    assert caught.value.code == "source_damaged"
    video.refresh_from_db()
    assert (video.cold_name, default_storage.exists(video.source.name)) == ("", True)
    assert files(cheap) == []


def test_a_copy_that_went_wrong_is_thrown_away(video, cheap, monkeypatch):
    storage = type(sources.cold_storage())
    save = storage.save

    def broken(self, name, content, **kwargs):
        if Path(self.location) == cheap:
            content = ContentFile(b"half")
        return save(self, name, content, **kwargs)

    monkeypatch.setattr(storage, "save", broken)

    with pytest.raises(VideoRefused):
        archive(video)

    assert files(cheap) == []
    assert default_storage.exists(video.source.name)


def test_a_second_worker_leaves_no_second_copy(video, cheap):
    seen_before = Video.objects.get(pk=video.pk)
    archive(video)
    default_storage.save(video.source.name, ContentFile(Path(files(cheap)[0]).read_bytes()))

    assert archive(seen_before) is False
    assert len(files(cheap)) == 1


def test_transcoding_again_fetches_the_source_back(video, cheap):
    archive(video)
    TranscodeJob.objects.filter(video=video).update(state=TranscodeJob.State.WAITING)

    assert jobs.transcode_video(video_id=video.pk, worker="w1")

    video.refresh_from_db()
    assert (video.cold_name, video.cold_since, video.state) == ("", None, "ready")
    assert Path(video.source.path).stat().st_size == video.source_bytes
    assert files(cheap) == []
    assert JournalEntry.objects.filter(action="video.source_fetched_back").exists()


def test_a_damaged_cold_source_fails_the_transcode_with_its_sentence(video, cheap):
    archive(video)
    files(cheap)[0].write_bytes(b"rot")
    TranscodeJob.objects.filter(video=video).update(state=TranscodeJob.State.WAITING)

    assert not jobs.transcode_video(video_id=video.pk, worker="w1")

    video.refresh_from_db()
    assert video.failure_code == "source_damaged"
    assert len(files(cheap)) == 1


def test_without_a_cold_storage_nothing_can_be_asked(video, settings):
    settings.COLD_STORAGE = ""

    with pytest.raises(cold.ColdRefused, match="没有配置冷存储") as caught:
        cold.ask_to_archive(video=video, by=None, at=database_now())

    assert caught.value.code == "cold_storage_missing"


@pytest.mark.parametrize("change", [{"state": "failed"}, {"cold_name": "x"}, {"build": None}])
def test_only_a_ready_video_with_its_source_at_hand_is_archived(video, cheap, change):
    Video.objects.filter(pk=video.pk).update(**change)

    with pytest.raises(cold.ColdRefused, match="现在移不了") as caught:
        cold.ask_to_archive(video=video, by=None, at=database_now())

    assert caught.value.code == "source_not_archivable"


def test_what_was_asked_for_is_done_once(video, cheap):
    cold.ask_to_archive(video=video, by=None, at=database_now())

    assert cold.wanted() == [video.pk]
    assert cold.archive_wanted(video_id=video.pk, at=database_now())
    assert not cold.archive_wanted(video_id=video.pk, at=database_now())
    assert cold.wanted() == []


def test_a_refused_move_is_told_on_the_video_and_journalled(video, cheap):
    cold.ask_to_archive(video=video, by=None, at=database_now())
    Path(video.source.path).write_bytes(b"rot")

    cold.archive_wanted(video_id=video.pk, at=database_now())

    video.refresh_from_db()
    assert "和上传时不一样" in video.cold_refusal
    assert video.cold_wanted_at is None
    entry = JournalEntry.objects.get(action="video.source_archived")
    assert (entry.outcome, entry.code) == ("refused", "source_damaged")


def test_the_command_moves_what_is_older(video, cheap, capsys):
    call_command("archive_sources", older_than=60)
    call_command("archive_sources", older_than=30, dry_run=True)
    assert "移走了 0 个" in capsys.readouterr().out
    assert files(cheap) == []

    call_command("archive_sources", older_than=30)

    assert f"移走了 1 个源文件，{video.source_bytes} 字节" in capsys.readouterr().out


def test_the_command_says_what_is_damaged_and_fails(video, cheap):
    Path(video.source.path).write_bytes(b"rot")

    with pytest.raises(CommandError, match="1 个源文件和上传时不一样"):
        call_command("archive_sources", older_than=30)


def test_the_command_needs_a_cold_storage(db, settings):
    settings.COLD_STORAGE = ""

    with pytest.raises(CommandError, match="没有配置冷存储"):
        call_command("archive_sources", older_than=30)
