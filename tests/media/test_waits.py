"""How long a video will take, in words, from facts in the database."""

from datetime import timedelta

import pytest

from lms.common.clock import database_now
from media import queueing, waits
from media.models import TranscodeJob, Video
from tests import world

pytestmark = pytest.mark.django_db


def job(title: str, *, minutes: int = 60, **facts) -> Video:
    at = database_now()
    video = Video.objects.create(
        title=title, owner_unit=world.town(), created_at=at, duration_seconds=minutes * 60
    )
    queueing.enqueue(video=video, at=at)
    TranscodeJob.objects.filter(video=video).update(**facts)
    return video


def running(*, percent: int, for_minutes: int, minutes: int = 60) -> Video:
    began_at = database_now() - timedelta(minutes=for_minutes)
    video = job("在转", minutes=minutes, state="running", began_at=began_at)
    Video.objects.filter(pk=video.pk).update(progress=percent)
    return video


def words(video: Video) -> str:
    return waits.waits_of([video.pk], at=database_now()).get(video.pk, "")


def test_a_running_video_tells_minutes_by_its_own_rate():
    assert words(running(percent=40, for_minutes=4)) == "约还需 6 分钟"


def test_at_the_beginning_it_goes_by_what_others_took():
    job("转好的", minutes=100, state="done", took_seconds=25 * 60, began_at=database_now())

    assert words(running(percent=1, for_minutes=5)) == "约还需 10 分钟"


def test_nearly_done_and_very_long_have_words_of_their_own():
    assert words(running(percent=99, for_minutes=1)) == "马上就好"
    assert words(running(percent=10, for_minutes=30)) == "约还需 4 小时"


def test_those_in_the_queue_tell_how_many_are_before_them():
    first, _second, third = job("一"), job("二"), job("三")

    assert words(first) == "下一个就是它"
    assert words(third) == "前面还有 2 个视频"


def test_what_is_finished_says_nothing():
    assert words(job("转好的", state="done", took_seconds=1)) == ""
