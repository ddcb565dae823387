"""Who published what is in the journal, not in Wagtail's log alone."""

import pytest

from lms.journal.models import JournalEntry
from tests import world

pytestmark = pytest.mark.django_db


def test_publishing_taking_down_and_deleting_are_on_record_with_who_and_which_unit():
    page, person = world.package(), world.holder("publisher")
    title = page.title

    page.save_revision(user=person).publish(user=person)
    page.unpublish(user=person)
    page.delete(user=person)

    rows = list(JournalEntry.objects.filter(actor=person, action__startswith="course."))
    assert [row.action for row in sorted(rows, key=lambda row: row.pk)] == [
        "course.published", "course.unpublished", "course.deleted",
    ]  # fmt: skip
    assert {row.object_unit_id for row in rows} == {world.county().pk}
    assert {row.detail["title"] for row in rows} == {title}


def test_a_draft_saved_is_not_on_record():
    page, person = world.package(), world.holder("course_author")

    page.save_revision(user=person, log_action=True)

    assert not JournalEntry.objects.filter(actor=person).exists()
