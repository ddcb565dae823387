"""The replay of a livestream: at the page of the livestream, with captions that come later."""

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from courses.catalogue.models import CourseUnit, LivestreamPage
from courses.learning.shelf import shelf_changed
from lms.common.clock import database_now
from media import services
from media.cutting import cut, digest_of
from media.delivery import read_request
from media.live import services as live
from media.models import Livestream, Take, TranscodeJob, Video
from tests import world

pytestmark = pytest.mark.django_db
SRT = "1\n00:00:01,000 --> 00:00:05,000\n各位同志\n".encode()


@pytest.fixture
def lecture(tmp_path, settings) -> LivestreamPage:
    """A lecture that is being spoken, in a package."""
    settings.MEDIA_ROOT = tmp_path / "uploads"
    page = world.lecture("冬季防火")
    take = Take.objects.create(livestream=page.livestream, number=1, began_at=database_now())
    live.go_live(take=take)
    world.policy()
    package = world.package()
    package.units.set(
        [CourseUnit(kind="video", title=page.title, video=page.livestream.video, sort_order=0)]
    )
    package.save_revision().publish()
    shelf_changed()
    return page


@pytest.fixture
def reader() -> Client:
    client = Client()
    client.force_login(world.learner())
    return client


def unit_of(lecture: LivestreamPage) -> CourseUnit:
    return CourseUnit.objects.get(video=lecture.livestream.video)


def study_address(lecture: LivestreamPage) -> str:
    return reverse("study", args=[unit_of(lecture).key])


def ended(lecture: LivestreamPage) -> Livestream:
    livestream = Livestream.objects.get(pk=lecture.livestream_id)
    live.close(livestream=livestream, by=None, at=database_now())
    live.set_length(livestream=livestream, seconds=600)
    return livestream


def transcoded(lecture: LivestreamPage) -> None:
    """As the finished ladder leaves the row."""
    video = Video.objects.get(pk=lecture.livestream.video_id)
    video.build, video.state = "00000000-0000-4000-8000-00000000abcd", Video.State.READY
    video.save()


def captioned(lecture: LivestreamPage) -> None:
    video = Video.objects.get(pk=lecture.livestream.video_id)
    services.save_captions(
        video=video, data=SRT, language="zh-Hans", label="中文", by=None, at=database_now()
    )


def test_the_replay_stays_at_the_addresses_of_the_livestream(lecture, reader):
    address, watching = lecture.url, study_address(lecture)
    assert watching in reader.get(address).content.decode()

    for step in (ended, transcoded):
        step(lecture)
        assert LivestreamPage.objects.get(pk=lecture.pk).url == address
        assert watching in reader.get(address).content.decode()
        assert reader.get(watching).context["state"] == "ready"


@pytest.mark.parametrize("is_transcoded", [False, True])
def test_captions_added_later_reach_the_replay_without_encoding_it_again(
    lecture, reader, is_transcoded
):
    ended(lecture)
    if is_transcoded:
        transcoded(lecture)
    before = reader.get(study_address(lecture)).context["config"]
    jobs = TranscodeJob.objects.count()

    captioned(lecture)

    context = reader.get(study_address(lecture)).context
    [caption] = context["config"]["captions"]
    folder = before["manifest_url"].split("/")[-2]
    assert before["captions"] == []
    assert caption["url"].split("/")[-2] == folder
    assert [cue["text"] for cue in context["cues"]] == ["各位同志"]
    asked = read_request({"method": "GET", "path": caption["url"], "headers": []})
    with default_storage.open(asked.stored_name) as file:
        assert "各位同志" in file.read().decode()
    assert TranscodeJob.objects.count() == jobs


def test_a_replay_cut_at_once_is_played_cut_on_the_same_page(lecture, reader):
    ended(lecture)
    video = Video.objects.get(pk=lecture.livestream.video_id)

    cut(
        video=video, span=(60, 540), chapters=[(60, "开场")], seen=digest_of(video), by=None,
        at=database_now(),
    )  # fmt: skip

    config = reader.get(study_address(lecture)).context["config"]
    assert (config["span"], config["is_live"]) == ([60, 540], False)
    assert [one["title"] for one in config["chapters"]] == ["开场"]
    transcoded(lecture)
    assert reader.get(study_address(lecture)).context["config"]["span"] == [60, 540]


def test_while_it_is_spoken_nothing_is_cut(lecture, reader):
    config = reader.get(study_address(lecture)).context["config"]

    assert (config["span"], config["is_live"]) == (None, True)
