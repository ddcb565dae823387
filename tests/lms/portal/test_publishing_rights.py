"""Somebody who publishes for their own county and only edits for another."""

from datetime import date

import pytest
from django.test import Client
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text

from courses.catalogue.models import CatalogueIndexPage, CoursePackagePage
from lms.people.models import Person, Unit
from lms.people.services import grant_role
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def both(jinyun) -> Person:
    person = world.holder("publisher", unit=jinyun)
    grant_role(
        person=person, role="course_author", unit=world.county(), from_date=date(2020, 1, 1),
        by=None, at=world.NOON,
    )  # fmt: skip
    return person


@pytest.fixture
def as_both(client, both) -> Client:
    client.force_login(both)
    return client


def form_of(unit: Unit, **changes) -> dict:
    fields = {
        "title": "新课",
        "slug": "",
        "summary": "给驻村干部。",
        "topic": "people",
        "lecturer_name": "徐志强",
        "owner_unit": unit.pk,
        "units": inline_formset(
            [{"kind": "reading", "title": "读", "video": "", "body": rich_text("<p>文</p>")}]
        ),
        "comments": inline_formset([]),
    }
    return nested_form_data(fields | changes)


def add(client, unit, **changes):
    shelf = CatalogueIndexPage.objects.get()
    path = f"/manage/pages/add/catalogue/coursepackagepage/{shelf.pk}/"
    return client.post(path, form_of(unit, **changes))


def refused_to_publish(answer) -> bool:
    return answer.status_code == 200 and "不能以它的名义发布" in answer.content.decode()


def test_a_package_is_not_made_and_published_in_one_step_for_a_unit_one_only_edits_for(
    as_both, foreign, jinyun
):
    publish = {"action-publish": "1"}

    assert refused_to_publish(add(as_both, world.county(), **publish))
    assert not CoursePackagePage.objects.filter(title="新课").exists()
    add(as_both, world.county())
    add(as_both, jinyun, title="自己县的新课", **publish)

    made = CoursePackagePage.objects.filter(title__contains="新课").order_by("pk")
    assert [(page.title, page.live) for page in made] == [("新课", False), ("自己县的新课", True)]


def test_ones_own_draft_is_not_given_to_that_unit_and_published_in_one_step(
    as_both, foreign, jinyun
):
    add(as_both, jinyun)
    page = CoursePackagePage.objects.get(title="新课")
    unit = page.units.get()
    units = inline_formset(
        [{"id": unit.pk, "kind": "reading", "title": "读", "video": "", "body": "null"}], initial=1
    )
    handed_over = form_of(world.county(), units=units)

    path = f"/manage/pages/{page.pk}/edit/"
    assert refused_to_publish(as_both.post(path, handed_over | {"action-publish": "1"}))
    as_both.post(path, handed_over)  # as a draft it may go there
    as_both.post(f"/manage/bulk/wagtailcore/page/publish/?id={page.pk}")
    old = page.revisions.order_by("pk").first()
    as_both.post(
        f"/manage/pages/{page.pk}/revisions/{old.pk}/revert/",
        handed_over | {"action-publish": "1"},
    )

    page.refresh_from_db()
    assert (page.live, page.owner_unit) == (False, world.county())


def test_what_is_published_keeps_its_unit(as_both, foreign, jinyun):
    add(as_both, jinyun, **{"action-publish": "1"})
    page = CoursePackagePage.objects.get(title="新课")
    unit = page.units.get()
    units = inline_formset(
        [{"id": unit.pk, "kind": "reading", "title": "读", "video": "", "body": "null"}], initial=1
    )

    as_both.post(f"/manage/pages/{page.pk}/edit/", form_of(world.county(), units=units))

    page.refresh_from_db()
    assert page.owner_unit == jinyun
    assert page.get_latest_revision_as_object().owner_unit == jinyun


@pytest.mark.parametrize("action", ["publish", "unpublish", "delete"])
def test_bulk_actions_ask_for_the_right_to_publish_in_each_unit(as_both, foreign, action):
    shown = world.package("松阳已发布的课")
    named = foreign.page if action == "publish" else shown
    before = foreign.state()

    answer = as_both.post(f"/manage/bulk/wagtailcore/page/{action}/?id={named.pk}")

    assert answer.status_code == 404
    assert foreign.state() == before


@pytest.mark.parametrize("name", ["unpublish", "lock", "unlock", "delete"])
def test_what_learners_see_is_not_taken_away_by_somebody_who_only_edits(as_both, foreign, name):
    shown = world.package("松阳已发布的课")

    as_both.post(f"/manage/pages/{shown.pk}/{name}/")

    shown.refresh_from_db()
    assert (shown.live, shown.locked) == (True, False)


def test_a_draft_of_a_unit_one_edits_for_may_be_thrown_away(as_both, foreign):
    as_both.post(f"/manage/bulk/wagtailcore/page/delete/?id={foreign.page.pk}")

    assert not CoursePackagePage.objects.filter(pk=foreign.page.pk).exists()
