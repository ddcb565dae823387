from datetime import timedelta
from decimal import Decimal

import pytest

from courses.catalogue.models import CoursePackagePage
from courses.learning.models import Enrolment, UnitProgress
from courses.learning.services import NoPolicy, enrol, finish_reading, settle_viewing
from courses.learning.tasks import settle_due_viewings
from lms.credits.models import LedgerEntry
from lms.people.services import start_posting
from media.models import ViewingSession
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def begun():
    """A learner who opened the video unit of a package; ten minutes, 9:00 needed."""
    world.policy()
    person = world.learner()
    unit = world.package().units.get(kind="video")
    enrol(person=person, unit=unit, posting=person.postings.get(), at=world.NOON)
    return person, unit


def test_enough_coverage_earns_the_band_once(begun):
    person, unit = begun
    viewing = world.viewing(person, unit.video, [(0, 540)])

    first = settle_viewing(viewing=viewing, at=world.NOON)
    again = settle_viewing(viewing=viewing, at=world.NOON + timedelta(minutes=1))

    assert (first.state, first.hours) == ("earned", Decimal("0.25"))
    assert again.entry == first.entry
    assert LedgerEntry.objects.get().title == (
        "一张网格管到底：网格事项准入与闭环 · 事项准入清单怎么用"
    )
    progress = UnitProgress.objects.get()
    assert (progress.status, progress.hours) == ("done", Decimal("0.25"))


def test_a_second_short_of_the_share_earns_nothing_and_says_what_is_missing(begun):
    person, unit = begun
    viewing = world.viewing(person, unit.video, [(0, 300), (361, 600)])

    settlement = settle_viewing(viewing=viewing, at=world.NOON)

    assert settlement.state == "short"
    assert settlement.coverage.short_seconds == 1
    assert settlement.coverage.missing == [(300, 361)]
    assert not LedgerEntry.objects.exists()
    assert UnitProgress.objects.get().status == "short"


def test_the_entry_keeps_its_evidence_and_arithmetic(begun):
    person, unit = begun
    settle_viewing(viewing=world.viewing(person, unit.video, [(0, 560)]), at=world.NOON)

    entry = LedgerEntry.objects.get()

    assert entry.evidence["watched"] == [[0, 560]]
    assert entry.arithmetic == [
        ["片长", "10:00"],
        ["应看满（片长 × 90%）", "9:00"],
        ["实际看过（重复只算一次）", "9:20"],
        ["9:20 ≥ 9:00", "达到"],
        ["10:00 在 15 分钟以内一档", "0.25"],
        ["当日已记 0，每日上限 10", "不受限"],
    ]
    assert (entry.grade, entry.actor) == ("timed", None)


def test_a_transfer_moves_no_hour(begun):
    person, unit = begun
    viewing = world.viewing(person, unit.video, [(0, 600)])
    then = person.postings.get()
    start_posting(
        person=person,
        unit=world.town("玉岩镇", "331124105"),
        title="副镇长",
        post_level="township_level",
        from_date=world.NOON.date() + timedelta(days=1),
    )

    settlement = settle_viewing(viewing=viewing, at=world.NOON + timedelta(days=2))

    assert settlement.entry.posting == then


def test_without_rules_nothing_is_settled_and_nothing_is_lost():
    person = world.learner()
    unit = world.package().units.get(kind="video")
    viewing = world.viewing(person, unit.video, [(0, 600)])

    with pytest.raises(NoPolicy) as refusal:
        settle_viewing(viewing=viewing, at=world.NOON)

    assert refusal.value.code == "no_policy"
    viewing.refresh_from_db()
    assert viewing.watched == [(0, 600)]


def test_the_sweep_settles_what_players_did_not(begun):
    person, unit = begun
    earlier = world.NOON - timedelta(days=200)
    world.viewing(person, unit.video, [(0, 600)], at=earlier)

    assert settle_due_viewings() == 1
    assert settle_due_viewings() == 0
    assert LedgerEntry.objects.count() == 1
    assert ViewingSession.objects.get().settled_at is not None


def test_a_reading_completes_its_unit_and_earns_nothing(begun):
    person, video_unit = begun
    reading = video_unit.package.units.get(kind="reading")

    finish_reading(person=person, unit=reading, posting=person.postings.get(), at=world.NOON)

    assert UnitProgress.objects.get(unit_key=reading.key).status == "done"
    assert not LedgerEntry.objects.exists()


def test_deleting_a_package_deletes_no_record(begun):
    person, unit = begun
    settle_viewing(viewing=world.viewing(person, unit.video, [(0, 600)]), at=world.NOON)

    CoursePackagePage.objects.get().delete()

    assert LedgerEntry.objects.filter(person=person).count() == 1
    assert UnitProgress.objects.filter(person=person).count() == 1
    assert Enrolment.objects.filter(person=person).count() == 1
