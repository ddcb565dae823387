"""Trimming and chapters through the real address tree, as a plain form."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from lms.common.clock import database_now
from media.cutting import cut, digest_of
from media.models import Video, ViewingSession
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def lecture(video) -> Video:
    """Ten minutes long, as far as the record knows."""
    Video.objects.filter(pk=video.pk).update(duration_seconds=600)
    video.refresh_from_db()
    return video


def address(video: Video) -> str:
    return reverse("videos:cut", args=[video.pk])


def post(client, video: Video, **fields):
    seen = digest_of(Video.objects.get(pk=video.pk))
    return client.post(address(video), {"seen": seen, "do": "save", **fields})


def test_the_page_opens_with_what_is_saved(client, author, lecture):
    cut(
        video=lecture, span=(60, 540), chapters=[(60, "<开场>")], seen=digest_of(lecture), by=None,
        at=database_now(),
    )  # fmt: skip

    page = client.get(address(lecture)).content.decode()

    assert 'name="start" type="text" value="00:01:00"' in page
    assert 'name="end" type="text" value="00:09:00"' in page
    assert "00:01:00 &lt;开场&gt;</textarea>" in page


def test_span_and_chapters_are_saved_as_one(client, author, lecture):
    answer = post(client, lecture, start="1:00", end="", chapters="1:00 开场\r\n5:00 怎么准入\r\n")

    assert answer.status_code == 302
    lecture.refresh_from_db()
    assert lecture.span == (60, 600)
    assert lecture.chapters == [[60, "开场"], [300, "怎么准入"]]


def test_another_span_asks_first_when_somebody_has_watched(client, author, lecture):
    world.viewing(world.learner("甲"), lecture, [(0, 300)])
    settled = world.viewing(world.learner("乙"), lecture, [(0, 600)])
    ViewingSession.objects.filter(pk=settled.pk).update(settled_at=database_now())

    asked = post(client, lecture, start="1:00", chapters="1:00 开场")

    page = asked.content.decode()
    assert "1 人看了一部分：看过的时段都留着" in page
    assert "1 人已经记了学时：学时和依据都不变" in page
    assert Video.objects.get(pk=lecture.pk).span is None
    confirmed = post(client, lecture, start="1:00", chapters="1:00 开场", do="confirm")
    assert confirmed.status_code == 302
    assert Video.objects.get(pk=lecture.pk).span == (60, 600)


def test_chapters_alone_ask_nobody(client, author, lecture):
    world.viewing(world.learner(), lecture, [(0, 300)])

    assert post(client, lecture, chapters="1:00 开场").status_code == 302


@pytest.mark.parametrize(
    ("fields", "code", "status"),
    [
        ({"start": "9:00", "end": "1:00"}, "span_backward", 422),
        ({"end": "11:00"}, "span_outside", 422),
        ({"start": "半路"}, "span_unreadable", 422),
        ({"start": "1:00", "end": "1:05"}, "span_short", 422),
        ({"chapters": "开场"}, "chapter_unreadable", 422),
        ({"start": "1:00", "chapters": "0:00 开场"}, "chapter_outside", 422),
        ({"chapters": "0:00 我的", "seen": "long ago"}, "cut_changed", 409),
    ],
)
def test_a_refusal_keeps_what_was_typed_and_says_why(client, author, lecture, fields, code, status):
    answer = post(client, lecture, **fields)

    page = answer.content.decode()
    assert answer.status_code == status
    assert f"代码 {code}" in page
    assert all(value in page for name, value in fields.items() if name != "seen")
    kept = Video.objects.get(pk=lecture.pk)
    assert (kept.span, kept.chapters) == (None, [])


def test_after_a_conflict_saving_again_takes_ones_own(client, author, lecture):
    refused = post(client, lecture, chapters="0:00 我的", seen="long ago")

    assert f'name="seen" value="{digest_of(lecture)}"' in refused.content.decode()


def test_the_last_change_can_be_undone(client, author, lecture):
    post(client, lecture, start="1:00", chapters="1:00 旧的")
    answer = post(client, lecture, chapters="0:00 新的")
    message = list(get_messages(answer.wsgi_request))[-1]
    assert f"{address(lecture)}?before=1" in str(message)

    page = client.get(f"{address(lecture)}?before=1").content.decode()

    assert "00:01:00 旧的</textarea>" in page
    assert 'value="00:01:00"' in page
    assert "还没有保存" in page
    assert Video.objects.get(pk=lecture.pk).chapters == [[0, "新的"]]


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_video_of_another_unit_is_not_found(client, author, foreign_video, method):
    assert getattr(client, method)(address(foreign_video)).status_code == 404


def test_the_page_of_the_video_says_what_is_played(client, author, lecture):
    detail = reverse("videos:detail", args=[lecture.pk])
    assert "整段播放。没有分章。" in client.get(detail).content.decode()

    post(client, lecture, start="1:00", chapters="1:00 开场")

    assert "播放 01:00–10:00，共 09:00。分了 1 章。" in client.get(detail).content.decode()
