"""How many watch: persons heard of in the last half minute, and the most there were."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection

from lms.common.clock import database_now
from media.live import services
from media.live.audience import viewers_of
from media.models import Livestream, ViewingSession
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def livestream() -> Livestream:
    at = database_now()
    return services.announce(
        title="冬季防火", lecturer="", owner_unit=world.county(), starts_at=at,
        ends_at=at + timedelta(hours=1), by=None, at=at,
    )  # fmt: skip


def watched(livestream, seconds_ago: int) -> None:
    person, at = world.learner(), database_now() - timedelta(seconds=seconds_ago)
    ViewingSession.objects.create(
        person=person, video=livestream.video, posting=person.postings.get(), opened_at=at,
        last_beat_at=at, duration_seconds=3600,
    )  # fmt: skip


def counted(livestream) -> int:
    cache.delete(f"live-viewers:{livestream.pk}")
    return viewers_of(livestream)


def test_those_heard_of_lately_are_counted(livestream):
    for seconds_ago in (0, 12, 29, 40):
        watched(livestream, seconds_ago)

    assert counted(livestream) == 3


def test_the_most_there_were_is_kept_when_they_leave(livestream):
    for _ in range(3):
        watched(livestream, 5)
    counted(livestream)

    ViewingSession.objects.update(last_beat_at=database_now() - timedelta(minutes=2))

    assert counted(livestream) == 0
    livestream.refresh_from_db()
    assert livestream.peak_viewers == 3


def test_within_five_seconds_nobody_counts_again(livestream, django_assert_num_queries):
    counted(livestream)

    with django_assert_num_queries(0):
        viewers_of(livestream)


def test_the_count_reads_an_index_on_the_video(livestream):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT count(*) FROM media_viewingsession "
            "WHERE video_id = %s AND last_beat_at > now() - interval '30 seconds'",
            [livestream.video_id],
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Index Cond: (video_id" in plan
