"""A viewing of a live lecture: from the first fragment on, and settled when its length is known."""

from datetime import timedelta

import pytest

from courses.learning.services import open_unit
from courses.learning.tasks import settle_due_viewings
from lms.common.clock import database_now
from lms.credits.models import LedgerEntry
from media.live import services
from media.models import Livestream, Take, ViewingSession
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def livestream() -> Livestream:
    at = database_now()
    return services.announce(
        title="秋季学期第一讲", lecturer="", owner_unit=world.county(),
        starts_at=at, ends_at=at + timedelta(hours=1), by=None, at=at,
    )  # fmt: skip


@pytest.fixture
def unit(livestream):
    world.policy()
    unit = world.package().units.get(kind="video")
    unit.video = livestream.video
    unit.save()
    return unit


def opened(person, unit) -> ViewingSession | None:
    return open_unit(person=person, unit=unit, posting=person.postings.get(), at=database_now())


def connected(livestream) -> Take:
    return Take.objects.create(livestream=livestream, number=1, began_at=database_now())


def test_no_viewing_begins_between_connecting_and_the_first_fragment(livestream, unit):
    """It would be as long as a video of which nothing is recorded: no second would count."""
    person, take = world.learner(), connected(livestream)
    assert opened(person, unit) is None

    services.go_live(take=take)

    viewing = opened(person, unit)
    assert viewing.duration_seconds > 0
    assert viewing.live_since == take.began_at


def test_who_left_before_the_end_is_judged_when_the_length_is_known(livestream, unit):
    person = world.learner()
    services.go_live(take=connected(livestream))
    viewing = opened(person, unit)
    quiet = database_now() - timedelta(minutes=5)
    ViewingSession.objects.filter(pk=viewing.pk).update(watched=[(0, 600)], last_beat_at=quiet)

    assert settle_due_viewings() == 0
    services.close(livestream=livestream, by=None, at=database_now())
    services.set_length(livestream=livestream, seconds=620)

    assert settle_due_viewings() == 1
    assert LedgerEntry.objects.get(person=person).evidence["duration_seconds"] == 620
    services.set_length(livestream=livestream, seconds=620)
    assert settle_due_viewings() == 0


def test_a_course_that_is_not_spoken_yet_does_not_call_its_hours_final(client, unit):
    client.force_login(world.learner())

    page = client.get(unit.package.get_url()).content.decode()

    assert "直播先按预计时长算，讲完按实际长度算；没转好的视频有了时长再算进来。" in page
