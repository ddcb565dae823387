from datetime import date
from decimal import Decimal
from threading import Thread

import pytest
from django.db import DatabaseError, connection, transaction

from lms.credits.models import LedgerEntry, LedgerHead, PolicyVersion
from lms.credits.selectors import hours_on, policy_for, yearly_totals
from lms.credits.services import (
    EntryAlreadyReversed,
    HoursInexact,
    PolicyUnreadable,
    add_policy_version,
    post_online_entry,
    reverse_entry,
)
from lms.credits.verification import verify_ledger
from lms.journal.models import JournalEntry
from tests import world

pytestmark = pytest.mark.django_db


def post_online(person, key, hours="1"):
    return post_online_entry(
        person=person,
        posting=person.postings.get(),
        band_hours=Decimal(hours),
        title=f"讲座 {key}",
        happened_on=date(2026, 11, 20),
        policy_version=PolicyVersion.objects.get(),
        source_kind="viewing",
        source_key=key,
        evidence={},
        arithmetic=[],
        by=None,
        at=world.NOON,
    )


def test_entries_of_a_person_are_chained():
    person = world.learner()
    first, second = world.entry(person), world.entry(person)

    head = LedgerHead.objects.get(person=person)

    assert (first.sequence, second.sequence) == (1, 2)
    assert second.previous_hash == first.hash
    assert bytes(head.hash) == second.hash


def test_the_same_source_posts_once():
    person = world.learner()

    first = world.entry(person, source_key="a")
    again = world.entry(person, source_key="a", hours="9")

    assert first == again
    assert LedgerEntry.objects.count() == 1


def test_the_crossing_entry_says_so_and_later_ones_say_why():
    person = world.learner()
    world.policy(daily_cap="1.25")

    full = post_online(person, "a")
    crossing = post_online(person, "b")
    later = post_online(person, "c")

    assert (full.hours, full.outcome) == (Decimal("1"), "earned")
    assert (crossing.hours, crossing.outcome) == (Decimal("0.25"), "capped")
    assert crossing.arithmetic[-1] == ["当日已记 1，每日上限 1.25", "只记余下的 0.25"]
    assert (later.hours, later.outcome) == (Decimal("0"), "cap_reached")
    assert later.arithmetic[-1] == ["当日已记 1.25，每日上限 1.25", "当日已满，记 0"]


def test_in_person_hours_do_not_use_up_the_online_cap():
    person = world.learner()
    world.policy(daily_cap="1")
    world.entry(person, hours="7.5", happened_on=date(2026, 11, 20))

    assert post_online(person, "a").outcome == "earned"
    assert yearly_totals(person=person) == {
        (2026, "online"): Decimal("1"),
        (2026, "in_person"): Decimal("7.5"),
    }


def test_a_reversal_nets_to_nothing_and_is_journalled():
    person, archivist = world.learner(), world.holder("archivist")
    entry = world.entry(person, hours="3")

    reversal = reverse_entry(entry=entry, reason="重复签到", by=archivist, at=world.NOON)

    assert reversal.hours == Decimal("-3")
    assert reversal.reverses == entry
    assert hours_on(person=person, bucket="in_person", on=entry.happened_on) == 0
    row = JournalEntry.objects.get(action="credits.entry_reversed")
    assert (row.actor, row.reason) == (archivist, "重复签到")


def test_an_entry_is_reversed_once():
    person, archivist = world.learner(), world.holder("archivist")
    entry = world.entry(person)
    reverse_entry(entry=entry, reason="重复", by=archivist, at=world.NOON)

    with pytest.raises(EntryAlreadyReversed) as refusal:
        reverse_entry(entry=entry, reason="再来", by=archivist, at=world.NOON)

    assert refusal.value.code == "entry_already_reversed"
    assert refusal.value.sentence == "这一笔已经冲销过了，不能再冲销一次。"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE credits_ledgerentry SET hours = 99",
        "DELETE FROM credits_ledgerentry",
        "TRUNCATE credits_ledgerentry CASCADE",
        "DELETE FROM credits_ledgerhead",
        "UPDATE credits_policyversion SET label = 'x'",
        "UPDATE journal_journalentry SET action = 'x'",
        "DELETE FROM journal_journalentry",
        "TRUNCATE journal_journalentry",
    ],
)
def test_the_database_refuses_to_change_what_is_on_record(statement):
    entry = world.entry(world.learner())
    reverse_entry(entry=entry, reason="重复", by=world.holder("archivist"), at=world.NOON)

    _execute("SET CONSTRAINTS ALL IMMEDIATE")  # a waiting check would refuse TRUNCATE first

    with pytest.raises(DatabaseError, match="pgtrigger: Cannot"), transaction.atomic():
        _execute(statement)

    entry.refresh_from_db()
    assert entry.hours == Decimal("1")


def test_verification_holds_for_what_was_posted_and_finds_a_changed_entry():
    person = world.learner()
    world.entry(person)
    world.entry(person)
    assert verify_ledger().broken == []

    _as_owner_of_the_tables("UPDATE credits_ledgerentry SET hours = 9 WHERE sequence = 1")

    result = verify_ledger()
    assert result.entries == 2
    assert result.broken == [
        {"person": person.pk, "sequence": 1, "problem": "digest does not match the entry"}
    ]


def test_verification_finds_a_removed_last_entry():
    person = world.learner()
    world.entry(person)
    world.entry(person)

    _as_owner_of_the_tables("DELETE FROM credits_ledgerentry WHERE sequence = 2")

    assert [fault["problem"] for fault in verify_ledger().broken] == [
        "head does not match the last entry"
    ]


def test_the_nearest_unit_with_rules_decides():
    county, town = world.county(), world.town()
    world.policy()
    add_policy_version(
        unit=town, name="镇规则", label="镇 1", title="镇细则", document_number="",
        effective_from=date(2026, 6, 1), rules=world.RULES | {"daily_cap": "2"},
        by=None, at=world.NOON,
    )  # fmt: skip

    assert policy_for(unit=town, on=date(2026, 7, 1)).label == "镇 1"
    assert policy_for(unit=town, on=date(2026, 5, 1)).label == "松阳 2026.1"
    assert policy_for(unit=county, on=date(2026, 7, 1)).label == "松阳 2026.1"
    assert policy_for(unit=town, on=date(2025, 7, 1)) is None


def test_incomplete_rules_are_refused():
    with pytest.raises(PolicyUnreadable) as refusal:
        world.policy(video_bands="无")

    assert refusal.value.code == "policy_unreadable"
    assert PolicyVersion.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_parallel_posts_of_one_person_make_one_unbroken_chain():
    person = world.learner()
    world.policy(daily_cap="3")

    def post(key):
        try:
            post_online(person, key)
        finally:
            connection.close()

    threads = [Thread(target=post, args=[f"v{n % 6}"]) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert LedgerEntry.objects.count() == 6
    assert yearly_totals(person=person) == {(2026, "online"): Decimal("3")}
    assert verify_ledger().broken == []


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _as_owner_of_the_tables(statement: str) -> None:
    """What somebody with the keys to the database could do behind our back."""
    _execute("SET CONSTRAINTS ALL IMMEDIATE")
    _execute("ALTER TABLE credits_ledgerentry DISABLE TRIGGER USER")
    _execute(statement)
    _execute("ALTER TABLE credits_ledgerentry ENABLE TRIGGER USER")


@pytest.mark.parametrize("hours", ["0.125", "NaN", "Infinity", "-1"])
def test_hours_that_the_ledger_cannot_hold_exactly_are_refused(hours):
    person = world.learner()

    with pytest.raises(HoursInexact):
        world.entry(person, hours=hours)

    assert not LedgerEntry.objects.exists()


@pytest.mark.parametrize("hours", ["-0", "1E+1", "0.500"])
def test_hours_written_oddly_are_digested_as_the_database_keeps_them(hours):
    world.entry(world.learner(), hours=hours)

    assert verify_ledger().broken == []
