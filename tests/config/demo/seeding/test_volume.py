from datetime import datetime
from functools import partial

import pytest
from django.db import connection

from config.demo.seeding import places, policies, volume
from config.demo.seeding.bulk import INDEXES
from courses.learning.models import Enrolment, UnitProgress
from lms.credits.models import LedgerEntry, LedgerHead
from lms.credits.verification import verify_ledger
from lms.people.models import Person, Posting
from media.models import ViewingSession
from tests import world

AT = datetime.fromisoformat("2026-11-20T09:30:00+08:00")
CROWD = volume.Crowd(people=300, under="3311")


@pytest.fixture
def seed_without_policies(db, monkeypatch):
    monkeypatch.setattr(volume, "CHUNK", 100)  # three chunks, so that two processes share them
    world.package()
    units = places.seed_units()
    staff = world.holder("class_manager", unit=units["331124"])
    return partial(
        volume.seed_crowd, crowd=CROWD, units=units, by=staff, at=AT, say=lambda what: None
    )


@pytest.fixture
def seed_crowd(seed_without_policies):
    facts = seed_without_policies.keywords
    policies.seed_policies(units=facts["units"], by=facts["by"], at=AT)
    return seed_without_policies


def index_definitions() -> set[tuple]:
    tables = [model._meta.db_table for model, _columns in volume.TARGETS.values()]
    with connection.cursor() as cursor:
        cursor.execute(INDEXES, [tables])
        return set(cursor.fetchall())


def test_crowd_has_chains_that_verify(seed_crowd):
    assert seed_crowd() == 300

    checked = verify_ledger()
    assert checked.broken == []
    assert checked.entries > 300 * 10
    assert LedgerHead.objects.count() == 300


def test_crowd_is_added_once(seed_crowd):
    seed_crowd()
    before = LedgerEntry.objects.count()

    assert seed_crowd() == 0
    assert LedgerEntry.objects.count() == before


def test_viewings_entries_and_progress_of_the_crowd_agree(seed_crowd):
    seed_crowd()

    settled = ViewingSession.objects.filter(settled_at__isnull=False)
    assert settled.exists()
    assert LedgerEntry.objects.filter(source_kind="viewing").count() == settled.count()
    assert UnitProgress.objects.filter(status="done").count() == settled.count()
    assert (
        UnitProgress.objects.count() == ViewingSession.objects.count() == Enrolment.objects.count()
    )


def test_keys_indexes_and_sequences_are_as_before(seed_crowd):
    before = index_definitions()

    seed_crowd()

    assert index_definitions() == before
    newest = Person.objects.order_by("-pk").first()
    person = world.learner("钟秀")
    assert person.pk > newest.pk
    assert world.entry(person).sequence == 1


def test_run_that_breaks_leaves_nothing(seed_without_policies):
    people, postings, indexes = Person.objects.count(), Posting.objects.count(), index_definitions()

    with pytest.raises(KeyError):
        seed_without_policies()

    assert (Person.objects.count(), Posting.objects.count()) == (people, postings)
    assert index_definitions() == indexes
