import pytest
from django.contrib.auth.models import Group
from django.db import DatabaseError
from django.utils import timezone
from wagtail.models import Page

from lms.journal.models import JournalEntry
from lms.journal.services import record
from tests import pristine


def test_committed_rows_vanish_and_migrated_rows_return(transactional_db):
    Group.objects.create(name="left by a test")
    migrated = set(Page.objects.values_list("pk", flat=True))
    Page.objects.all().delete()

    pristine.restore()

    assert not Group.objects.filter(name="left by a test").exists()
    assert set(Page.objects.values_list("pk", flat=True)) == migrated


def test_append_only_rows_are_taken_back_too(transactional_db):
    record(action="tests.recorded", by=None, at=timezone.now())
    with pytest.raises(DatabaseError, match="journal"):
        JournalEntry.objects.all().delete()

    pristine.restore()

    assert not JournalEntry.objects.exists()
