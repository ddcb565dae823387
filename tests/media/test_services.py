"""Taking uploads and captions in."""

import hashlib

import pytest
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from lms.common.clock import database_now
from lms.journal.models import JournalEntry
from media import places, services
from media.captions import CaptionsRefused
from media.models import TranscodeJob, Video
from media.probe import VideoRefused
from tests import world

pytestmark = pytest.mark.django_db
SRT = "1\n00:00:01,000 --> 00:00:03,000\n<b>第一条</b>\n\n2\n00:00:07,000 --> 00:00:30,000\n末条\n"


@pytest.fixture
def author():
    return world.holder("course_author")


def upload(file: File, author, name: str = "第一讲.mp4") -> Video:
    return services.receive_upload(
        file=file, name=name, title="第一讲", owner_unit=world.town(), by=author, at=database_now()
    )


@pytest.fixture
def video(uploads, short_film, author) -> Video:
    with short_film.open("rb") as file:
        return upload(File(file), author)


def test_an_upload_is_kept_with_its_digest_and_an_intent(video, short_film, author):
    data = short_film.read_bytes()

    assert video.source_sha256 == hashlib.sha256(data).hexdigest()
    assert video.source.read() == data
    video.source.close()
    assert (video.duration_seconds, video.width, video.has_audio) == (8, 640, True)
    assert TranscodeJob.objects.get(video=video).state == TranscodeJob.State.WAITING
    entry = JournalEntry.objects.get(action="video.upload")
    assert (entry.actor, entry.object_id) == (author, str(video.pk))


def test_the_uploaded_name_is_never_a_path(uploads, short_film, author):
    with short_film.open("rb") as file:
        video = upload(File(file), author, name="../../../etc/x.mp4")

    assert video.source.name == f"videos/{video.key}/source"


def test_a_refused_upload_leaves_nothing_but_a_note_in_the_journal(uploads, author):
    with pytest.raises(VideoRefused):
        upload(ContentFile("讲稿".encode() * 1000), author)

    assert not Video.objects.exists()
    assert not uploads.exists() or not list(uploads.rglob("*"))
    entry = JournalEntry.objects.get(action="video.upload")
    assert (entry.outcome, entry.code) == ("refused", "not_a_video")


def test_an_upload_over_the_limit_is_refused(uploads, short_film, author, settings):
    settings.QIANGJI = settings.QIANGJI | {"VIDEO_MAX_BYTES": 1000}

    with short_film.open("rb") as file, pytest.raises(VideoRefused) as caught:
        upload(File(file), author)

    assert caught.value.code == "too_large"


def test_a_database_that_refuses_the_row_leaves_no_file(uploads, short_film, author, monkeypatch):
    def refuse(**given):
        raise RuntimeError("constraint")

    monkeypatch.setattr(services, "record", refuse)

    with short_film.open("rb") as file, pytest.raises(RuntimeError):
        upload(File(file), author)

    assert not [path for path in uploads.rglob("*") if path.is_file()]


def save(video: Video, text: str = SRT, language: str = "zh-Hans"):
    return services.save_captions(
        video=video, data=text.encode(), language=language, label="中文", by=None, at=database_now()
    )


def test_captions_are_plain_cues_inside_the_video_and_a_file_named_by_content(video):
    track = save(video)

    assert track.cues == [(1.0, 3.0, "第一条"), (7.0, 8.0, "末条")]
    with default_storage.open(places.captions_file(video.key, track.digest)) as file:
        assert b"00:00:01.000 --> 00:00:03.000" in file.read()


def test_changed_captions_have_a_new_address_and_the_old_one_still_answers(video):
    first = save(video)
    second = save(video, SRT.replace("末条", "改过的末条"))

    assert second.pk == first.pk
    assert second.digest != first.digest
    assert default_storage.exists(places.captions_file(video.key, first.digest))


def test_the_first_language_is_the_default_one(video):
    assert save(video).is_default
    assert not save(video, language="en").is_default
    assert save(video).is_default


def test_unreadable_captions_leave_the_old_ones(video):
    save(video)

    with pytest.raises(CaptionsRefused):
        save(video, "没有时间轴的讲稿")

    assert video.captions.get().cues[0][2] == "第一条"


def test_removed_captions_are_journalled(video):
    services.delete_captions(track=save(video), by=None, at=database_now())

    assert not video.captions.exists()
    assert JournalEntry.objects.filter(action="video.captions").count() == 2
