"""Packs through the site: who gets one, what comes in it, what comes back and what is refused."""

import json
import shutil
from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client

from courses.catalogue.models import CourseUnit
from lms.common.clock import database_now
from media.models import Livestream, OfflinePack, Video, ViewingSession
from tests import films, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit(tmp_path):
    world.policy()
    unit = world.package().units.get(kind="video")
    CourseUnit.objects.filter(pk=unit.pk).update(video=films.ready_video(tmp_path, seconds=8))
    yield unit
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)


@pytest.fixture
def learner():
    return world.learner()


class Browser:
    def __init__(self, person) -> None:
        self.client = Client()
        self.client.force_login(person)

    def post(self, url: str, body: object):
        text = body if isinstance(body, str) else json.dumps(body)
        return self.client.post(url, text, content_type="application/json")

    def take(self, unit, form="slow", client_key=None):
        body = {"client_key": str(client_key or uuid4()), "form": form}
        return self.post(f"/learn/{unit.key}/offline/", body)

    def bring(self, key, ranges, rate=1.0, client_key=None):
        body = {"client_key": str(client_key or uuid4()), "ranges": ranges, "rate": rate}
        return self.post(f"/learn/offline/{key}/return/", body)


@pytest.fixture
def browser(learner) -> Browser:
    return Browser(learner)


def taken_hours_ago(pack: dict, hours: float) -> str:
    then = database_now() - timedelta(hours=hours)
    OfflinePack.objects.filter(key=pack["key"]).update(issued_at=then)
    return pack["key"]


def refusal(answer) -> tuple[int, str]:
    assert answer.json()["message"]
    return answer.status_code, answer.json()["code"]


def test_a_pack_names_files_that_are_all_delivered_and_only_those_of_its_form(unit, browser):
    pack = browser.take(unit).json()

    lines = pack["index"].splitlines()
    assert [line for line in lines if line.endswith(".m3u8")] == ["slow.m3u8"]
    assert {name.split("-")[0].split(".")[0] for name in pack["files"]} == {
        "poster", "slow", "audio",
    }  # fmt: skip
    build = unit_video(unit)
    for name in pack["files"]:
        assert (build / name).is_file()
    sizes = sum((build / name).stat().st_size for name in pack["files"] if name.endswith("m4s"))
    assert sizes <= pack["bytes"]
    assert pack["duration_seconds"] == 8
    days = timedelta(days=settings.QIANGJI["OFFLINE_PACK_DAYS"])
    kept = OfflinePack.objects.get(key=pack["key"])
    assert kept.expires_at - kept.issued_at == days


def unit_video(unit):
    video = CourseUnit.objects.get(key=unit.key).video
    return settings.MEDIA_ROOT / "videos" / str(video.key) / str(video.build)


def test_the_sound_alone_plays_its_own_playlist(unit, browser):
    pack = browser.take(unit, "audio").json()

    assert "audio-init.mp4" in pack["index"]
    assert not any(name.startswith(("slow", "360p")) for name in pack["files"])


def test_asking_again_with_the_same_key_gives_the_same_pack(unit, browser):
    key = uuid4()

    first, second = (browser.take(unit, client_key=key).json() for _ in range(2))

    assert first["key"] == second["key"]


def test_the_study_page_offers_what_there_is_with_sizes(unit, browser):
    page = browser.client.get(f"/learn/{unit.key}/")

    names = [form["name"] for form in page.context["offline"]["forms"]]
    assert names[:2] == ["slow", "audio"]
    assert all(form["bytes"] > 0 for form in page.context["offline"]["forms"])
    assert "下载离线学习" in page.content.decode()


def test_what_comes_back_is_on_the_record_as_watched_later_and_earns(unit, browser, learner):
    key = taken_hours_ago(browser.take(unit).json(), 1)

    answer = browser.bring(key, [[0, 8]]).json()

    viewing = ViewingSession.objects.get(person=learner)
    assert (viewing.watched, viewing.watched_live) == ([(0, 8)], [])
    assert answer["watched"] == [[0, 8]]
    assert "已入账" in answer["message"]


def test_the_same_return_again_answers_alike_and_another_body_is_refused(unit, browser, learner):
    key, own = taken_hours_ago(browser.take(unit).json(), 1), uuid4()
    first = browser.bring(key, [[0, 3]], client_key=own)
    spent = learner.viewer_clock.spent

    assert browser.bring(key, [[0, 3]], client_key=own).json() == first.json()
    assert refusal(browser.bring(key, [[0, 4]], client_key=own)) == (409, "return_key_used")
    learner.viewer_clock.refresh_from_db()
    assert learner.viewer_clock.spent == spent
    assert ViewingSession.objects.get(person=learner).watched == [(0, 3)]


def test_own_open_packs_are_listed_until_they_are_given_up(unit, browser):
    pack = browser.take(unit).json()
    listed = browser.client.get("/learn/offline/packs.json").json()
    assert [each["key"] for each in listed["packs"]] == [pack["key"]]
    assert listed["account"] == pack["account"]

    for _ in range(2):
        assert browser.post(f"/learn/offline/{pack['key']}/give-up/", {}).status_code == 200

    assert browser.client.get("/learn/offline/packs.json").json()["packs"] == []
    assert refusal(browser.bring(pack["key"], [[0, 1]])) == (409, "pack_closed")


def test_a_unit_nobody_sees_gives_no_pack(unit, browser):
    unit.package.unpublish()

    assert browser.take(unit).status_code == 404
    assert not OfflinePack.objects.exists()


def test_a_live_lecture_gives_no_pack_before_it_is_over(browser):
    world.policy()
    unit = world.package().units.get(kind="video")
    CourseUnit.objects.filter(pk=unit.pk).update(video=world.lecture().livestream.video)

    assert Livestream.objects.get().ended_at is None
    assert refusal(browser.take(unit)) == (409, "lecture_not_over")


def test_a_video_without_renditions_gives_no_pack(unit, browser):
    Video.objects.update(build=None)

    assert refusal(browser.take(unit)) == (409, "video_not_ready")


def test_a_form_the_video_does_not_have_is_refused(unit, browser):
    assert refusal(browser.take(unit, "1080p")) == (400, "form_unknown")


def test_a_second_device_is_told_of_the_first(unit, browser):
    browser.take(unit)

    assert refusal(browser.take(unit)) == (409, "pack_open")


def test_another_persons_pack_is_not_there(unit, browser):
    pack = browser.take(unit).json()
    other = Browser(world.learner("叶青"))

    assert other.bring(pack["key"], [[0, 1]]).status_code == 404
    assert other.post(f"/learn/offline/{pack['key']}/give-up/", {}).status_code == 404
    assert other.client.get("/learn/offline/packs.json").json()["packs"] == []


def test_claims_beyond_the_bounds_are_refused(unit, browser):
    pack = browser.take(unit).json()

    assert refusal(browser.bring(pack["key"], [[0, 8]])) == (409, "offline_exceeds_time")
    assert refusal(browser.bring(pack["key"], [[0, 99]])) == (400, "range_invalid")
    assert refusal(browser.bring(pack["key"], [[0, 1]], rate=9.0)) == (400, "rate_not_allowed")


def test_long_expired_packs_are_refused(unit, browser):
    pack = browser.take(unit).json()
    then = database_now() - timedelta(days=31)
    OfflinePack.objects.update(issued_at=then - timedelta(days=14), expires_at=then)

    assert refusal(browser.bring(pack["key"], [[0, 1]])) == (409, "pack_expired")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("[" * 30_000, (400, "malformed")),
        ('{"client_key": 1}', (400, "malformed")),
        (" " * 65_537, (413, "body_too_large")),
    ],
)
def test_bodies_that_are_not_a_return_are_refused(unit, browser, body, code):
    pack = browser.take(unit).json()

    assert refusal(browser.post(f"/learn/offline/{pack['key']}/return/", body)) == code


def test_the_pages_a_device_keeps_hold_nobodys_data(unit, browser, learner):
    for path in ("/learn/offline/", "/learn/offline/play/"):
        page = browser.client.get(path).content.decode()

        assert learner.name not in page
        assert "data-account" not in page


def test_the_worker_is_ours_and_governs_its_own_folder_alone(client):
    answer = client.get("/learn/offline/worker.js")

    assert answer["Content-Type"].startswith("text/javascript")
    assert "Service-Worker-Allowed" not in answer
    listed = client.get("/learn/offline/shell.json").json()["files"]
    assert listed[:2] == ["/learn/offline/", "/learn/offline/play/"]
    assert all(path.startswith("/static/") for path in listed[2:])
