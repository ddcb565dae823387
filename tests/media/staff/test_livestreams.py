from datetime import timedelta

import pytest
from django.urls import reverse

from lms.common.clock import database_now
from lms.people.services import add_unit
from media.live import services
from media.models import Livestream, Take
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client):
    person = world.holder("publisher")
    client.force_login(person)
    return person


def announced(unit=None) -> Livestream:
    at = database_now()
    return services.announce(
        title="秋季学期第一讲", lecturer="徐建平", owner_unit=unit or world.county(), starts_at=at,
        ends_at=at + timedelta(hours=2), by=None, at=at,
    )  # fmt: skip


def elsewhere() -> Livestream:
    county = world.county()
    return announced(add_unit(code="331122", name="缙云县", level="county", parent=county.parent))


def form(**changes: str) -> dict[str, str]:
    return {
        "title": "秋季学期第二讲", "lecturer": "徐建平", "owner_unit": str(world.county().pk),
        "starts_at": "2026-12-01T09:00", "ends_at": "2026-12-01T11:00", **changes,
    }  # fmt: skip


def test_a_livestream_is_announced_and_can_be_chosen_as_a_video(client, staff):
    page = client.post(reverse("livestreams:add"), form(), follow=True).content.decode()

    livestream = Livestream.objects.get()
    assert (livestream.state, livestream.video.state) == ("announced", "live")
    assert "还没有收到信号" in page
    assert "秋季学期第二讲" in client.get(reverse("livestreams:listing")).content.decode()
    offered = client.get("/manage/video-chooser/").json()["html"]
    assert "秋季学期第二讲" in offered
    assert "直播" in offered


def test_an_end_before_the_beginning_is_said_beside_the_field(client, staff):
    answer = client.post(reverse("livestreams:add"), form(ends_at="2026-12-01T08:00"))

    assert answer.status_code == 422
    assert "结束要晚于开始。" in answer.content.decode()
    assert not Livestream.objects.exists()


def test_a_key_is_shown_once_and_kept_as_a_digest(client, staff):
    livestream = announced()

    shown = client.post(reverse("livestreams:key", args=[livestream.pk]))
    again = client.get(reverse("livestreams:detail", args=[livestream.pk])).content.decode()

    code = shown.context["key"]
    assert f"<code>{code}</code>" in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert code not in again
    livestream.refresh_from_db()
    assert code.partition("key=")[2] not in livestream.key_digest


def test_a_livestream_that_is_over_gives_no_key_and_ends_once(client, staff):
    livestream = announced()
    client.post(reverse("livestreams:end", args=[livestream.pk]))

    answer = client.post(reverse("livestreams:key", args=[livestream.pk]), follow=True)

    assert "这场直播已经结束，不能再改" in answer.content.decode()
    again = client.post(reverse("livestreams:end", args=[livestream.pk]), follow=True)
    assert "这场直播已经结束，不能再改" in again.content.decode()
    livestream.refresh_from_db()
    assert (livestream.state, livestream.key_digest) == ("ended", "")


@pytest.mark.parametrize("name", ["detail", "key", "revoke", "end"])
def test_another_countys_livestream_does_not_exist(client, staff, name):
    livestream = elsewhere()
    ask = client.get if name == "detail" else client.post

    assert ask(reverse(f"livestreams:{name}", args=[livestream.pk])).status_code == 404
    livestream.refresh_from_db()
    assert livestream.state == "announced"


def test_the_list_shows_ones_own_units(client, staff):
    elsewhere()

    assert "还没有直播" in client.get(reverse("livestreams:listing")).content.decode()


def test_nobody_watches_what_is_not_spoken_yet(client):
    """Before the first fragment the page waits, and no viewing begins."""
    livestream, person = announced(), world.learner()
    package = world.package()
    unit = package.units.get(kind="video")
    unit.video = livestream.video
    unit.save()
    package.save_revision().publish()
    client.force_login(person)

    page = client.get(f"/learn/{unit.key}/").content.decode()

    assert "还没开讲。到时间这里会自己开始，不用刷新。" in page
    assert not person.viewings.exists()
    assert not Take.objects.exists()
