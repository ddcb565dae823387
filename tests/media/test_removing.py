"""What is used or has been watched cannot be deleted, only hidden."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage

from lms.common.clock import database_now
from lms.journal.models import JournalEntry
from media import places, removing, replacing
from media.live.services import announce
from media.models import TranscodeJob, Video
from tests import world
from tests.media.staff.conftest import make_video

pytestmark = pytest.mark.django_db


@pytest.fixture
def video(uploads, short_film) -> Video:
    return make_video(short_film, world.town())


def delete(video: Video, *unit_ids: int) -> None:
    removing.delete_video(video=video, unit_ids=frozenset(unit_ids), by=None, at=database_now())


def refused(video: Video, *unit_ids: int) -> removing.DeletionRefused:
    with pytest.raises(removing.DeletionRefused) as caught:
        delete(video, *unit_ids)
    assert Video.objects.filter(pk=video.pk).exists()
    return caught.value


def test_a_video_nobody_needs_goes_with_all_its_files(video, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        delete(video)

    assert not Video.objects.exists()
    assert not default_storage.exists(places.video_folder(video.key))
    assert JournalEntry.objects.get(action="video.deleted").detail["title"] == "网格怎么走访"


def test_a_video_in_use_is_kept_and_the_refusal_names_where(video):
    package = world.package()
    package.units.filter(kind="video").update(video=video)

    refusal = refused(video)

    assert (refusal.code, refusal.status) == ("video_in_use", 409)
    assert refusal.sentence.startswith(f"《{package.title}》的「事项准入清单怎么用」用着这个视频")
    entry = JournalEntry.objects.get(action="video.deleted")
    assert (entry.outcome, entry.code) == ("refused", "video_in_use")


def test_many_places_are_named_in_part(video):
    for number in range(5):
        world.package(f"第 {number} 门").units.filter(kind="video").update(video=video)

    sentence = refused(video).sentence

    assert sentence.count("《") == 3
    assert "等 5 处" in sentence


def test_drafts_of_other_units_are_not_named(video):
    package = world.package("还没公开的课")
    package.units.filter(kind="video").update(video=video)
    package.unpublish()

    assert refused(video).sentence == "外单位的 1 处课程草稿用着这个视频，删不了。"
    assert "还没公开的课" in refused(video, package.owner_unit_id).sentence


def test_a_video_somebody_has_opened_is_kept(video):
    world.viewing(world.learner(), video, [])

    refusal = refused(video)

    assert refusal.code == "video_watched"
    assert "有 1 人看过这个视频" in refusal.sentence
    assert "不再提供选用" in refusal.sentence


def test_the_video_of_a_livestream_is_kept(video):
    at = database_now()
    livestream = announce(
        title="第一讲", lecturer="", owner_unit=world.county(), starts_at=at,
        ends_at=at + timedelta(hours=1), by=None, at=at,
    )  # fmt: skip

    refusal = refused(livestream.video)

    assert refusal.code == "video_of_livestream"
    assert "这是一场直播的视频" in refusal.sentence
    with pytest.raises(replacing.ReplacementRefused, match="还没有录完"):
        replacing.refuse_busy(livestream.video)


def test_a_video_at_work_is_kept(video):
    TranscodeJob.objects.filter(video=video).update(state=TranscodeJob.State.RUNNING)

    assert refused(video).code == "video_busy"


def test_hiding_and_offering_again_are_journalled_once(video):
    for is_hidden in (True, True, False):
        removing.set_hidden(video=video, is_hidden=is_hidden, by=None, at=database_now())

    assert JournalEntry.objects.filter(action="video.hidden").count() == 1
    assert JournalEntry.objects.filter(action="video.offered").count() == 1
