import pytest

from lms.journal.models import JournalEntry
from lms.journal.services import record
from tests import world

pytestmark = pytest.mark.django_db


def test_a_row_says_who_under_which_posting_did_what_to_which_object():
    person, town = world.learner(), world.town()

    record(
        action="archive.downloaded", by=person, at=world.NOON, obj=town, address="10.0.0.8",
        outcome="refused", code="not_yours", reason="越权",
    )  # fmt: skip

    row = JournalEntry.objects.get()
    assert (row.actor, row.posting) == (person, person.postings.get())
    assert (row.object_type, row.object_id) == ("people.Unit", str(town.pk))
    assert (row.outcome, row.code, row.address) == ("refused", "not_yours", "10.0.0.8")


def test_the_system_acts_without_a_person():
    record(action="media.swept", by=None, at=world.NOON)

    row = JournalEntry.objects.get()
    assert (row.actor, row.posting) == (None, None)
