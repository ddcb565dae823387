import pytest

from lms.journal.models import JournalEntry
from tests import world

pytestmark = pytest.mark.django_db


def test_a_denied_write_is_on_record(client):
    person = world.learner()
    client.force_login(person)

    assert client.post("/no-such-page/").status_code == 404

    row = JournalEntry.objects.get(action="access.write_refused")
    assert (row.actor, row.outcome, row.code) == (person, "refused", "not_found")
    assert (row.address, row.detail) == ("127.0.0.1", {"path": "/no-such-page/", "method": "POST"})


def test_a_denial_noted_with_what_was_lacking_is_not_noted_again(client):
    person = world.learner()
    client.force_login(person)

    assert client.post("/archive/new/").status_code == 404

    row = JournalEntry.objects.get(actor=person)
    assert (row.action, row.code) == ("access.page_refused", "permission_missing")


def test_reads_and_visitors_leave_no_such_row(client):
    client.post("/archive/new/")
    client.post("/no-such-page/")
    client.force_login(world.learner())
    client.get("/archive/")

    assert not JournalEntry.objects.filter(action="access.write_refused").exists()
