"""From the last byte to a video, or to a sentence that says why not."""

import base64
import errno
import hashlib
import os
import shutil
from datetime import timedelta

import pytest
from django.urls import reverse

from lms.common.clock import database_now
from lms.journal.models import JournalEntry
from media import services
from media.models import TranscodeJob, Upload, Video
from media.uploads import finishing
from tests.media.disks import fill
from tests.media.uploads.conftest import Sender

pytestmark = pytest.mark.django_db


def send(sender: Sender, data: bytes, **headers: str) -> Upload:
    sender.create(len(data))
    half = len(data) // 2
    sender.patch(data[:half], 0, **headers)
    assert sender.patch(data[half:], half, **headers).status_code == 204
    return sender.upload()


def digest_header(data: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(data).digest()).decode()}:"


def test_a_whole_film_becomes_a_video_that_is_queued(sender, author, short_film):
    data = short_film.read_bytes()
    upload = send(sender, data, Repr_Digest=digest_header(data))

    video = finishing.finish_upload(upload_id=upload.pk)

    assert video is not None
    assert (video.key, video.uploaded_by, video.state) == (upload.key, author, "queued")
    assert video.source_sha256 == hashlib.sha256(data).hexdigest()
    with video.source.open() as stored:
        assert stored.read() == data
    assert (video.source_name, video.width) == ("第一讲.mp4", 640)
    assert TranscodeJob.objects.filter(video=video).exists()
    assert JournalEntry.objects.get(action="video.upload").actor == author
    told = sender.client.get(sender.address).json()
    assert (told["state"], told["url"]) == ("kept", reverse("videos:detail", args=[video.pk]))


def test_finishing_twice_makes_one_video(sender, short_film):
    upload = send(sender, short_film.read_bytes())

    first, second = (finishing.finish_upload(upload_id=upload.pk) for _turn in range(2))

    assert first is not None
    assert second is None
    assert Video.objects.count() == 1


def test_a_worker_that_died_after_moving_the_file_is_followed_by_another(
    sender, short_film, monkeypatch
):
    upload = send(sender, short_film.read_bytes())
    with monkeypatch.context() as patch:
        patch.setattr(services, "keep_video", lambda *_a, **_k: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            finishing.finish_upload(upload_id=upload.pk)
    Upload.objects.update(lease_until=database_now() - timedelta(seconds=1))

    assert finishing.tend_uploads(at=database_now()) == [upload.pk]
    video = finishing.finish_upload(upload_id=upload.pk)

    assert video is not None
    assert video.source.size == short_film.stat().st_size


def test_what_differs_from_the_file_on_the_persons_computer_is_refused(sender, short_film, uploads):
    data = short_film.read_bytes()
    upload = send(sender, data, Repr_Digest=digest_header(data + b"x"))

    assert finishing.finish_upload(upload_id=upload.pk) is None

    told = sender.client.get(sender.address).json()
    assert (told["state"], told["code"]) == ("refused", "digest_mismatch")
    assert "和你电脑上的对不上" in told["message"]
    assert not Video.objects.exists()
    assert [path for path in uploads.rglob("*") if path.is_file()] == []


def test_what_is_no_video_is_refused_with_its_sentence_and_on_record(sender, author):
    upload = send(sender, "只是讲稿".encode() * 100)

    assert finishing.finish_upload(upload_id=upload.pk) is None

    told = sender.client.get(sender.address).json()
    assert (told["code"], "其实不是视频" in told["message"]) == ("not_a_video", True)
    row = JournalEntry.objects.get(action="video.upload")
    assert (row.outcome, row.code, row.actor) == ("refused", "not_a_video", author)


def test_a_full_disk_is_said_and_the_upload_goes_on_when_there_is_space(
    sender, short_film, monkeypatch
):
    data = short_film.read_bytes()
    sender.create(len(data))
    sender.patch(data[:5000], 0)

    def full(*_arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "pwrite", full)
        answer = sender.patch(data[5000:], 5000)
    assert (answer.status_code, answer.json()["code"]) == (507, "no_space")
    assert "服务器的空间不够，暂时收不下" in answer.json()["message"]
    assert sender.offset == 5000
    assert not Video.objects.exists()

    assert sender.patch(data[5000:], 5000).status_code == 204
    video = finishing.finish_upload(upload_id=sender.upload().pk)
    assert video is not None
    assert video.source_sha256 == hashlib.sha256(data).hexdigest()


def test_a_disk_that_fills_up_meanwhile_keeps_what_has_arrived_and_goes_on(
    sender, short_film, small_disk, settings
):
    settings.MEDIA_ROOT = small_disk
    data = short_film.read_bytes()
    sender.create(len(data))
    sender.patch(data[:5000], 0)
    ballast = fill(small_disk, leave=len(data) // 3)

    answer = sender.patch(data[5000:], 5000)

    assert (answer.status_code, answer.json()["code"]) == (507, "no_space")
    assert sender.offset == 5000
    ballast.unlink()
    assert sender.patch(data[5000:], 5000).status_code == 204
    video = finishing.finish_upload(upload_id=sender.upload().pk)
    assert video.source_sha256 == hashlib.sha256(data).hexdigest()


def test_a_file_the_disk_has_no_room_for_is_refused_at_once(sender, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(10, 9, 1))

    answer = sender.create(1000)

    assert (answer.status_code, answer.json()["code"]) == (507, "no_space")
    assert "收不下这个文件" in answer.json()["message"]
    assert not Upload.objects.exists()


def test_expired_uploads_are_cleared_and_later_forgotten(sender, uploads):
    sender.create(10)
    sender.patch(b"0123", 0)
    at = database_now() + timedelta(days=8)

    assert finishing.tend_uploads(at=at) == []
    assert Upload.objects.get().state == Upload.State.EXPIRED
    assert list((uploads / "incoming").iterdir()) == []
    assert sender.head().status_code == 410

    finishing.tend_uploads(at=at + timedelta(days=15))
    assert not Upload.objects.exists()


def test_a_file_that_keeps_killing_the_check_is_refused_in_the_end(sender, short_film):
    upload = send(sender, short_film.read_bytes())
    Upload.objects.update(attempts=3)

    assert finishing.finish_upload(upload_id=upload.pk) is None

    assert sender.upload().failure_code == "check_crashed"
