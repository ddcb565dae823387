"""Finding, hiding, deleting and moving away videos, through the real address tree."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from media.models import TranscodeJob, Video
from tests import world
from tests.media.staff.conftest import make_video

pytestmark = pytest.mark.django_db


def listing(client, **query) -> str:
    return client.get(reverse("videos:listing"), query).content.decode()


def act(client, name: str, video: Video, **fields):
    return client.post(reverse(f"videos:{name}", args=[video.pk]), fields, follow=True)


def test_videos_are_found_by_file_name_and_narrowed(client, author, video):
    assert "网格怎么走访" in listing(client, q="讲课.mp4", state="queued", length="short")
    assert "没有这样的视频" in listing(client, q="讲课.mp4", length="long")


def test_what_cannot_be_read_is_said_and_left_open(client, author, video):
    page = listing(client, from_date="昨天", q="网格")

    assert "网格怎么走访" in page
    assert "qj-cue-problem" in page


def test_the_listing_says_where_each_is_used(client, author, video):
    package = world.package()
    package.units.filter(kind="video").update(video=video)

    page = listing(client)

    assert f"{package.title} · 事项准入清单怎么用" in page
    assert reverse("wagtailadmin_pages:edit", args=[package.pk]) in page


def test_pages_have_twenty_rows_and_keep_the_search(client, author):
    for _number in range(21):
        world.video(title="走访", owner_unit=world.town())

    page = listing(client, q="走访")

    assert page.count('class="title-wrapper"') == 20
    assert "?q=%E8%B5%B0%E8%AE%BF&amp;p=2" in page


def test_the_number_of_queries_does_not_grow(
    client, author, video, short_film, django_assert_num_queries
):
    package = world.package()
    package.units.filter(kind="video").update(video=video)
    listing(client)
    with CaptureQueriesContext(connection) as one:
        listing(client)
    few = len(one)  # the next request empties Django's log
    for number in range(6):
        further = make_video(short_film, world.town())
        world.package(f"第 {number} 门").units.filter(kind="video").update(video=further)

    listing(client)  # publishing made Wagtail forget the root paths of its sites
    with django_assert_num_queries(few):
        listing(client)


def test_storage_is_shown_by_unit_and_sorts(client, author, video, foreign_video):
    page = client.get(reverse("videos:storage"), {"sort": "-source"}).content.decode()

    assert "大东坝镇" in page
    assert "云和县" not in page
    assert 'aria-sort="descending"' in page
    assert "?sort=source" in page
    assert client.get(reverse("videos:storage"), {"sort": "password"}).status_code == 200


def test_a_hidden_video_is_no_longer_offered_and_still_shown_where_chosen(client, author, video):
    act(client, "hide", video, hidden="1")

    offered = client.get(reverse("video_chooser:choose")).json()["html"]
    chosen = client.get(reverse("video_chooser:chosen", args=[video.pk]))
    assert "网格怎么走访" not in offered
    assert chosen.status_code == 200
    assert "不再提供选用" in listing(client)
    act(client, "hide", video, hidden="0")
    assert "网格怎么走访" in client.get(reverse("video_chooser:choose")).json()["html"]


def test_deletion_asks_first_and_then_deletes(client, author, video):
    asked = client.get(reverse("videos:delete", args=[video.pk])).content.decode()
    assert "删除「网格怎么走访」？" in asked
    assert Video.objects.exists()

    answer = act(client, "delete", video)

    assert "「网格怎么走访」已删除" in answer.content.decode()
    assert not Video.objects.exists()


def test_a_video_in_use_says_where_and_offers_to_hide(client, author, video):
    world.package().units.filter(kind="video").update(video=video)

    for answer in (
        client.get(reverse("videos:delete", args=[video.pk])),
        act(client, "delete", video),
    ):
        page = answer.content.decode()
        assert "代码 video_in_use" in page
        assert "《一张网格管到底：网格事项准入与闭环》" in page
        assert "不再提供选用" in page
    assert Video.objects.filter(pk=video.pk).exists()


def test_a_watched_video_says_who_depends_on_it(client, author, video):
    world.viewing(world.learner(), video, [(0, 2)])

    answer = act(client, "delete", video)

    assert answer.status_code == 409
    assert "有 1 人看过这个视频" in answer.content.decode()


def test_a_source_cannot_be_moved_where_there_is_no_cold_storage(client, author, video):
    answer = act(client, "archive", video)

    assert "没有配置冷存储" in answer.content.decode()


def test_a_move_is_asked_for_with_a_button(client, author, video, settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "cold": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "cold"},
        },
    }
    settings.COLD_STORAGE = "cold"
    TranscodeJob.objects.filter(video=video).update(state="done")
    Video.objects.filter(pk=video.pk).update(
        state="ready", build="00000000-0000-4000-8000-000000000001"
    )
    page = client.get(reverse("videos:detail", args=[video.pk])).content.decode()
    assert "移到冷存储" in page

    answer = act(client, "archive", video)

    assert "正在移到冷存储" in answer.content.decode()
    assert Video.objects.get(pk=video.pk).cold_wanted_at is not None


@pytest.mark.parametrize("name", ["hide", "archive", "delete"])
def test_a_foreign_video_is_left_alone(client, author, foreign_video, name):
    answer = client.post(reverse(f"videos:{name}", args=[foreign_video.pk]), {"hidden": "1"})

    assert answer.status_code == 404
    foreign_video.refresh_from_db()
    assert not foreign_video.is_hidden
