"""Lectures spoken at a time: who is asked, what the pages say, what stands in a calendar."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from courses.catalogue.models import CourseUnit, LivestreamPage
from courses.learning.calendar import lecture_events
from courses.learning.lives import lectures_for
from courses.learning.shelf import shelf_changed
from lms.common.clock import database_now
from lms.people.services import add_unit
from media.live import services
from media.models import Livestream, Take
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def elsewhere():
    return add_unit(code="331122", name="缙云县", level="county", parent=world.county().parent)


def client_of(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def in_a_package(page: LivestreamPage) -> CourseUnit:
    world.policy()
    package = world.package()
    package.units.set(
        [CourseUnit(kind="video", title=page.title, video=page.livestream.video, sort_order=0)]
    )
    package.save_revision().publish()
    shelf_changed()
    return package.units.get()


def titles(unit) -> list[str]:
    return [one.page.title for one in lectures_for(unit=unit, at=database_now())]


def test_an_invitation_reaches_everybody_below_the_unit_it_names(elsewhere):
    world.lecture("请全市", audience=[world.county().parent])
    world.lecture("请本县", audience=[world.county()])
    world.lecture("请外县", audience=[elsewhere])
    world.lecture("请所有人")

    assert titles(world.town()) == ["请全市", "请本县", "请所有人"]
    assert titles(elsewhere) == ["请全市", "请外县", "请所有人"]
    assert titles(None) == ["请所有人"]


def test_what_is_on_comes_first_then_what_comes_then_replays():
    later = world.lecture("以后", starts_at=database_now() + timedelta(days=2), ends_at=database_now() + timedelta(days=2, hours=1))  # fmt: skip
    soon, over, on = world.lecture("快了"), world.lecture("讲过"), world.lecture("正讲")
    at = database_now()
    services.go_live(take=Take.objects.create(livestream=on.livestream, number=1, began_at=at))
    services.close(livestream=over.livestream, by=None, at=at)

    assert titles(None) == [page.title for page in (on, soon, later, over)]


@pytest.mark.parametrize("how", ["draft", "long_over", "never_spoken"])
def test_what_is_no_news_is_not_listed(how):
    page, at = world.lecture("旧闻"), database_now()
    if how == "draft":
        page.unpublish()
    elif how == "long_over":
        services.close(livestream=page.livestream, by=None, at=at - timedelta(days=31))
    else:
        Livestream.objects.update(starts_at=at - timedelta(days=3), ends_at=at - timedelta(days=2))

    assert titles(None) == []


def test_the_list_costs_the_same_however_many_lectures_there_are(django_assert_num_queries):
    for _ in range(5):
        world.lecture()
    at = database_now()
    lectures_for(unit=None, at=at)  # the shelf is read once a process

    with django_assert_num_queries(1):
        assert len(lectures_for(unit=None, at=at)) == 5


def test_a_lecture_page_opens_to_whom_it_asks_and_does_not_exist_for_others(elsewhere):
    page = world.lecture(audience=[world.county()])

    asked = client_of(world.learner()).get(page.url)
    stranger = client_of(world.learner(unit=elsewhere)).get(page.url)
    visitor = Client().get(page.url)

    assert asked.status_code == 200
    assert "松阳县" in asked.content.decode()
    assert asked["Cache-Control"] == "private, no-store"
    assert stranger.status_code == 404
    assert visitor.url.startswith("/accounts/login/?next=")


def test_whoever_edits_the_page_sees_it_though_it_asks_others(elsewhere):
    page = world.lecture(audience=[elsewhere])

    assert client_of(world.holder("course_author")).get(page.url).status_code == 200


def test_a_draft_of_a_lecture_is_found_by_nobody():
    page = world.lecture()
    page.unpublish()

    assert client_of(world.learner()).get(page.url).status_code == 404
    assert client_of(world.learner()).get(reverse("lecture-calendar", args=[page.slug])).status_code == 404  # fmt: skip


def test_the_page_says_what_is_missing_until_a_package_holds_the_lecture():
    page = world.lecture()
    reader = client_of(world.learner())

    assert "还没有放进课程包" in reader.get(page.url).content.decode()

    unit = in_a_package(page)
    text = reader.get(page.url).content.decode()
    assert reverse("study", args=[unit.key]) in text
    assert "按预计 60 分钟，看满 90% 记 1 学时" in text


def test_a_course_that_is_only_announced_tells_its_planned_length():
    page = world.lecture()
    unit = in_a_package(page)

    text = Client().get(unit.package.get_url()).content.decode()

    assert ">0 学时" not in text
    assert '<small class="text-base font-sans font-normal">约 </small>1</dd>' in text
    assert '<small class="text-base font-sans font-normal">约 </small>60<small' in text


def test_home_and_catalogue_tell_of_lectures_and_a_search_finds_them():
    page = world.lecture("冬季山林防火")
    in_a_package(page)
    reader = client_of(world.learner())

    assert page.url in reader.get("/").content.decode()
    assert page.url in reader.get("/courses/").content.decode()
    assert page.url in reader.get("/courses/?q=山林").content.decode()
    assert page.url not in reader.get("/courses/?q=公文").content.decode()
    assert page.url in reader.get("/lectures/?q=蓝秀珍").content.decode()


def test_the_catalogue_tells_lectures_from_replays_and_recordings():
    unit = in_a_package(world.lecture())
    recorded = world.package("录好的课")
    shelf_changed()
    link = f'href="{unit.package.get_url()}"'

    assert link in Client().get("/courses/?form=live").content.decode()
    assert link not in Client().get("/courses/?form=recorded").content.decode()
    assert recorded.get_url() in Client().get("/courses/?form=recorded").content.decode()

    services.close(livestream=Livestream.objects.get(), by=None, at=database_now())
    shelf_changed()
    assert link in Client().get("/courses/?form=replay").content.decode()


def test_a_changed_time_raises_the_sequence_and_taking_down_cancels():
    page = world.lecture()

    def event():
        (one,) = lecture_events(unit=None, site="http://x/", at=database_now())
        return one

    before, live = event(), page.livestream
    moved = live.starts_at + timedelta(hours=3)
    services.revise(
        livestream=live, title=page.title, lecturer="蓝秀珍", starts_at=moved,
        ends_at=moved + timedelta(hours=1), by=None, at=database_now(),
    )  # fmt: skip
    later = event()
    page.unpublish(log_action=True)
    cancelled = event()
    page.save_revision().publish(log_action=True)
    again = event()

    assert later.starts_at == moved
    assert (before.is_cancelled, cancelled.is_cancelled, again.is_cancelled) == (False, True, False)
    assert before.sequence < later.sequence < cancelled.sequence < again.sequence
    assert {one.uid for one in (before, later, cancelled, again)} == {before.uid}


def test_a_page_that_never_was_public_is_in_no_calendar():
    page = world.lecture()
    LivestreamPage.objects.filter(pk=page.pk).update(live=False, first_published_at=None)

    assert lecture_events(unit=None, site="http://x/", at=database_now()) == []


def test_one_lecture_is_given_as_a_file():
    page = world.lecture()

    answer = Client().get(reverse("lecture-calendar", args=[page.slug]))

    assert answer["Content-Type"] == "text/calendar"
    assert b"SUMMARY:" in answer.content
    assert f'{page.slug}.ics"' in answer["Content-Disposition"]
