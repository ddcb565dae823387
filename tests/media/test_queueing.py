"""The queue: who waits comes first, nobody starves, staff may raise one, and several take at once."""

from datetime import timedelta

import pytest
from django.db import connection, connections, transaction

from lms.common.clock import database_now
from lms.journal.models import JournalEntry
from media import queueing, urgency, usage
from media.live import services as live
from media.models import TranscodeJob, Video
from tests import world

pytestmark = pytest.mark.django_db


def queued(title: str, *, hours_ago: float = 0, **facts) -> Video:
    at = database_now() - timedelta(hours=hours_ago)
    video = Video.objects.create(title=title, owner_unit=world.town(), created_at=at, **facts)
    queueing.enqueue(video=video, at=at)
    return video


def next_titles() -> list[str]:
    titles = []
    while job := queueing.claim_next(worker="w1", at=database_now()):
        titles.append(job.video.title)
    return titles


@pytest.fixture
def shown(monkeypatch):
    """`shown(video)`: a published unit shows it; `shown(video, url="")`: a draft."""
    uses: list[usage.Use] = []
    monkeypatch.setattr(usage, "_readers", [lambda ids: [u for u in uses if u.video_id in ids]])

    def show(video: Video, *, url: str = "/c/1/") -> None:
        uses.append(usage.Use(video.pk, "网格治理", "第一讲", video.owner_unit_id, "/e", url))

    return show


def replacement(title: str, **facts) -> Video:
    return queued(title, build="6f0d7a52-0000-4000-8000-000000000000", **facts)


def test_a_waiting_class_comes_first_then_new_then_replacements_then_cold(shown):
    replacement("冷", cold_name="videos/x")
    replacement("换源")
    queued("新")
    draft, awaited = queued("草稿"), queued("等着看")
    shown(draft, url="")
    shown(awaited)

    queueing.refresh_urgencies()

    assert next_titles() == ["等着看", "草稿", "新", "换源", "冷"]


def test_the_replay_of_a_livestream_is_waited_for():
    queued("新")
    at = database_now()
    livestream = live.announce(
        title="直播", lecturer="", owner_unit=world.town(), starts_at=at,
        ends_at=at + timedelta(hours=1), by=None, at=at,
    )  # fmt: skip
    queueing.enqueue(video=livestream.video, at=at)

    assert next_titles() == ["直播", "新"]


def test_who_has_waited_long_enough_goes_before_the_urgent(shown):
    awaited = queued("等着看")
    shown(awaited)
    queued("等了很久的新", hours_ago=2.1)
    replacement("等了很久的换源", hours_ago=12.2)

    queueing.refresh_urgencies()

    assert next_titles() == ["等了很久的换源", "等了很久的新", "等着看"]


def test_staff_raise_one_and_the_journal_tells(shown):
    shown(queued("等着看"))
    wanted = replacement("换源")

    queueing.raise_job(video=wanted, by=None, at=database_now())
    queueing.refresh_urgencies()

    assert next_titles() == ["换源", "等着看"]
    assert JournalEntry.objects.filter(action="video.raised", object_id=str(wanted.pk)).exists()


def test_what_does_not_wait_is_not_raised():
    video = queued("新")
    queueing.claim_next(worker="w1", at=database_now())

    with pytest.raises(queueing.NotWaiting) as caught:
        queueing.raise_job(video=video, by=None, at=database_now())

    assert caught.value.code == "video_not_waiting"
    assert TranscodeJob.objects.get().urgency == urgency.NEW


def test_what_a_silent_worker_left_is_taken_before_what_waits(settings):
    left = queued("断了的")
    queueing.claim_next(worker="w1", at=database_now())
    queued("新", hours_ago=5)
    TranscodeJob.objects.filter(video=left).update(lease_until=database_now())

    assert next_titles() == ["断了的", "新"]


def test_what_waits_for_room_is_not_taken_before_its_time():
    queued("等空间")
    at = database_now()
    TranscodeJob.objects.update(not_before=at + timedelta(minutes=5))

    assert queueing.claim_next(worker="w1", at=at) is None
    assert queueing.claim_next(worker="w1", at=at + timedelta(minutes=5)) is not None


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_the_same_instant_take_two_videos():
    first, second = queued("一"), queued("二")
    other = connections.create_connection("default")
    with transaction.atomic():
        taken = queueing.claim_next(worker="w1", at=database_now())
        with other.cursor() as cursor:
            # The second worker's look, while the first one has not committed yet.
            cursor.execute(
                "SELECT video_id FROM media_transcodejob WHERE state = 'waiting'"
                " ORDER BY turn_at, id LIMIT 1 FOR UPDATE SKIP LOCKED"
            )
            seen = cursor.fetchone()
    other.close()

    assert (taken.video_id, seen) == (first.pk, (second.pk,))


def test_the_front_of_the_queue_is_read_from_an_index():
    owner = world.town()
    at = database_now()
    videos = Video.objects.bulk_create(
        Video(title=str(n), owner_unit=owner, created_at=at) for n in range(2000)
    )
    TranscodeJob.objects.bulk_create(
        TranscodeJob(
            video=video, requested_at=at, turn_at=at + timedelta(seconds=n),
            state="waiting" if n % 2 else "done",
        )
        for n, video in enumerate(videos)
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE media_transcodejob")
        # The shape of `claimed`; the values that vary are the worker's and do not matter here.
        cursor.execute(
            "EXPLAIN SELECT * FROM media_transcodejob WHERE state = 'waiting' AND attempts < 3"
            " AND (not_before IS NULL OR not_before <= now())"
            " ORDER BY turn_at, id LIMIT 1 FOR UPDATE SKIP LOCKED"
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert "transcode_turn" in plan
    assert "Sort" not in plan


def test_the_sweep_asks_a_constant_number_of_queries(django_assert_max_num_queries):
    for number in range(8):
        queued(str(number))

    with django_assert_max_num_queries(7):
        queueing.refresh_urgencies()
