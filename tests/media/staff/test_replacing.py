"""Replacing a source through the real address tree: choose, look, confirm."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from media import jobs
from media.models import SourceReplacement, TranscodeJob, Video
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def ready(video) -> Video:
    jobs.transcode_video(video_id=video.pk, worker="w1")
    video.refresh_from_db()
    return video


def page(client, video: Video, name: str = "replace") -> str:
    return client.get(reverse(f"videos:{name}", args=[video.pk])).content.decode()


def post(client, video: Video, name: str = "replace", data: bytes | None = None):
    fields = {"file": SimpleUploadedFile("新.mp4", data)} if data is not None else {}
    return client.post(reverse(f"videos:{name}", args=[video.pk]), fields, follow=True)


def test_the_impact_is_shown_before_and_after_a_file_was_chosen(client, author, ready, short_film):
    package = world.package()
    package.units.filter(kind="video").update(video=ready)
    world.viewing(world.learner(), ready, [(0, 5)])
    Video.objects.filter(pk=ready.pk).update(duration_seconds=12)

    before = page(client, ready)
    after = post(client, ready, data=short_film.read_bytes()).content.decode()

    for shown in (before, after):
        assert "1 人看过" in shown
        assert "看得最远的到 00:05" in shown
        assert package.title in shown
    assert "时长从 00:12 变成 00:08" in after
    assert "换上这个文件" in after
    assert TranscodeJob.objects.get(video=ready).state == "done"


def test_a_confirmed_file_is_queued_and_watching_goes_on(client, author, ready, short_film):
    post(client, ready, data=short_film.read_bytes())

    answer = post(client, ready, "replace_confirm")

    assert "之前学员看的还是原来的" in answer.content.decode()
    assert TranscodeJob.objects.get(video=ready).state == "waiting"
    assert Video.objects.get(pk=ready.pk).build == ready.build
    assert "正在转码新文件" in page(client, ready)


def test_a_file_is_given_up(client, author, ready, short_film):
    post(client, ready, data=short_film.read_bytes())

    post(client, ready, "replace_withdraw")

    assert not SourceReplacement.objects.exists()
    assert "没有等着换上的文件" in post(client, ready, "replace_confirm").content.decode()


def test_a_refused_file_says_why(client, author, ready):
    answer = post(client, ready, data="讲稿".encode() * 50)

    assert answer.status_code == 422
    assert "其实不是视频" in answer.content.decode()


def test_a_failed_replacement_is_told_on_the_video(client, author, ready, short_film):
    post(client, ready, data=short_film.read_bytes())
    post(client, ready, "replace_confirm")
    jobs.fail_job(job=TranscodeJob.objects.get(video=ready), code="transcode_failed", at=world.NOON)

    assert "新的源文件没有换上" in page(client, ready, "detail")
    assert "换上这个文件" in page(client, ready)


@pytest.mark.parametrize("name", ["replace", "replace_confirm", "replace_withdraw"])
def test_a_foreign_video_is_not_found(client, author, foreign_video, name):
    assert post(client, foreign_video, name).status_code == 404
