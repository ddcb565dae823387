from datetime import UTC, datetime

import pytest

from lms.common import acts
from lms.journal.models import JournalEntry

AT = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_an_act_becomes_a_row_of_the_journal():
    acts.note(action="people.tested", by=None, at=AT, reason="看一看")

    row = JournalEntry.objects.get(action="people.tested")
    assert (row.at, row.reason, row.outcome) == (AT, "看一看", "done")


def test_an_act_nobody_would_record_is_refused(monkeypatch):
    monkeypatch.setattr(acts, "_writer", None)

    with pytest.raises(acts.NoJournal):
        acts.note(action="people.tested", by=None, at=AT)
