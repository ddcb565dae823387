"""What an editor of one county can reach of another county's packages and videos in the admin."""

import pytest
from django.test import Client

from courses.catalogue.models import CoursePackagePage
from lms.people.models import Unit
from lms.people.services import add_unit
from tests import world

pytestmark = pytest.mark.django_db
TITLE = "一张网格管到底：网格事项准入与闭环"


@pytest.fixture
def draft() -> CoursePackagePage:
    page = world.package(TITLE)
    page.unpublish()
    return page


@pytest.fixture
def elsewhere(draft) -> Unit:
    return add_unit(code="331122", name="缙云县", level="county", parent=world.county().parent)


@pytest.fixture
def foreigner(elsewhere) -> Client:
    client = Client()
    client.force_login(world.holder("publisher", unit=elsewhere))
    return client


def addresses(draft: CoursePackagePage) -> list[str]:
    return [
        f"/manage/pages/{draft.pk}/",
        "/manage/api/main/pages/",
        f"/manage/api/main/pages/{draft.pk}/",
        "/manage/reports/site-history/",
        "/manage/reports/page-types-usage/",
        f"/manage/bulk/wagtailcore/page/delete/?id={draft.pk}",
        "/manage/bulk/wagtailcore/page/publish/?id=all",
    ]


def test_a_draft_of_another_county_is_named_nowhere_in_the_admin(foreigner, draft):
    answers = {address: foreigner.get(address) for address in addresses(draft)}

    assert {a: r.status_code for a, r in answers.items()} == dict.fromkeys(answers, 404)
    assert [a for a, r in answers.items() if TITLE in r.content.decode()] == []


def test_a_bulk_action_with_one_foreign_page_changes_nothing(foreigner, draft, elsewhere):
    own = world.package("自己县的课", owner_unit=elsewhere)
    address = "/manage/bulk/wagtailcore/page/unpublish/"

    mixed = foreigner.post(f"{address}?id={own.pk}&id={draft.pk}")
    own.refresh_from_db()
    assert (mixed.status_code, own.live) == (404, True)

    foreigner.post(f"{address}?id={own.pk}")
    own.refresh_from_db()
    assert not own.live


def test_a_video_of_another_county_cannot_be_put_into_a_package(foreigner, draft, elsewhere):
    own = world.package("自己县的课", owner_unit=elsewhere)
    foreign_video = draft.units.get(kind="video").video
    before = own.latest_revision_id

    answer = foreigner.post(f"/manage/pages/{own.pk}/edit/", edited(own, video=foreign_video.pk))

    own.refresh_from_db()
    assert answer.status_code == 200
    assert own.latest_revision_id == before
    kept = foreigner.post(f"/manage/pages/{own.pk}/edit/", edited(own))
    own.refresh_from_db()
    assert (kept.status_code, own.latest_revision_id != before) == (302, True)


def edited(page: CoursePackagePage, **video: int) -> dict[str, str | int]:
    """The editor's form as the browser posts it, the first unit's video changed."""
    unit = page.units.get(kind="video")
    return {
        "title": page.title,
        "slug": page.slug,
        "summary": page.summary,
        "topic": page.topic,
        "lecturer_name": page.lecturer_name,
        "owner_unit": page.owner_unit_id,
        "comments-TOTAL_FORMS": 0,
        "comments-INITIAL_FORMS": 0,
        "units-TOTAL_FORMS": 1,
        "units-INITIAL_FORMS": 1,
        "units-0-id": unit.pk,
        "units-0-kind": "video",
        "units-0-title": unit.title,
        "units-0-video": video.get("video", unit.video_id),
        "units-0-body": "null",
        "units-0-ORDER": 1,
    }
