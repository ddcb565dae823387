"""Livestream pages in the editor: for one's own lectures only, one page each, never another's."""

from datetime import timedelta

import pytest
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from courses.catalogue.models import LivestreamPage
from lms.common.clock import database_now
from lms.journal.models import JournalEntry
from lms.people.services import add_unit, grant_role
from media.live.services import announce
from media.models import Livestream
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def publisher(client):
    person = world.holder("publisher")
    client.force_login(person)
    return person


@pytest.fixture
def elsewhere():
    return add_unit(code="331122", name="缙云县", level="county", parent=world.county().parent)


def announced(unit, title: str = "冬季防火") -> Livestream:
    at = database_now()
    return announce(
        title=title, lecturer="徐建平", owner_unit=unit, starts_at=at + timedelta(days=1),
        ends_at=at + timedelta(days=1, hours=1), by=None, at=at,
    )  # fmt: skip


def add(client, livestream: Livestream, *, path: str = "", **changes):
    fields = {
        "livestream": livestream.pk, "title": "冬季防火：三张清单", "slug": "", "summary": "给值班的人。",
        "lecturer_post": "", "comments": inline_formset([]),
    }  # fmt: skip
    audience = {"audience": changes.pop("audience", [])}
    where = path or f"/manage/pages/add/catalogue/livestreampage/{world.shelf().pk}/"
    return client.post(where, nested_form_data(fields | changes) | audience)


def test_a_page_is_written_for_an_own_lecture_and_published(client, publisher):
    unit = world.county()
    answer = add(
        client, announced(unit), audience=[unit.pk], **{"action-publish": "action-publish"}
    )

    page = LivestreamPage.objects.get()
    assert (answer.status_code, page.live, page.slug) == (302, True, "dongji-fanghuo")
    assert list(page.audience.all()) == [unit]
    assert JournalEntry.objects.filter(action="live_page.published", actor=publisher).exists()


def test_a_lecture_of_another_unit_cannot_be_chosen(client, publisher, elsewhere):
    answer = add(client, announced(elsewhere))

    assert answer.status_code == 200
    assert not LivestreamPage.objects.exists()


def test_a_lecture_has_one_page(client, publisher):
    livestream = announced(world.county())
    add(client, livestream)

    answer = add(client, livestream)

    assert answer.status_code == 200
    assert LivestreamPage.objects.count() == 1


def test_a_page_keeps_its_lecture(client, publisher):
    add(client, announced(world.county()))
    page, other = LivestreamPage.objects.get(), announced(world.county(), "另一场")

    answer = add(
        client, other, path=f"/manage/pages/{page.pk}/edit/", title="改了标题", slug=page.slug
    )
    assert answer.status_code == 302, answer.context["form"].errors

    page.refresh_from_db()
    page = page.get_latest_revision_as_object()
    assert (page.title, page.livestream.video.title) == ("改了标题", "冬季防火")


def test_nobody_publishes_for_a_unit_in_which_they_only_edit(client, elsewhere):
    person = world.holder("publisher", unit=elsewhere)
    grant_role(
        person=person, role="course_author", unit=world.county(), from_date=world.NOON.date(),
        by=None, at=world.NOON,
    )  # fmt: skip
    client.force_login(person)

    answer = add(client, announced(world.county()), **{"action-publish": "action-publish"})

    assert "不能以它的名义发布" in answer.content.decode()
    assert not LivestreamPage.objects.exists()


def test_another_countys_page_is_neither_listed_nor_opened(client, publisher, elsewhere):
    page = world.lecture("外县的讲座", unit=elsewhere)
    shelf = client.get(f"/manage/pages/{world.shelf().pk}/").content.decode()

    assert "外县的讲座" not in shelf
    for address in ("edit", "delete", "history", "unpublish"):
        assert client.get(f"/manage/pages/{page.pk}/{address}/").status_code == 404
