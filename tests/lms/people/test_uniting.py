from datetime import timedelta
from decimal import Decimal
from random import Random
from threading import Thread

import pytest
from django.db import connection
from django.test import Client

from courses.learning.models import Enrolment, UnitProgress
from courses.learning.services import enrol, finish_reading, settle_viewing
from courses.learning.tasks import settle_due_viewings
from lms.archive.rules import count_entry
from lms.credits.models import LedgerEntry
from lms.credits.selectors import entries_of, hours_on, yearly_totals
from lms.credits.services import post_entry, reverse_entry
from lms.credits.verification import verify_ledger
from lms.journal.models import JournalEntry
from lms.people.models import Person, PersonMerge
from lms.people.selectors import identity_ids, person_by_staff_number
from lms.people.uniting import (
    AlreadyUndone,
    HoldsAdministration,
    LaterMergeFirst,
    MergeChanged,
    OwnRecord,
    PersonAlreadyMerged,
    SamePerson,
    UndoTooLate,
    merge_persons,
    merge_preview,
    undo_merge,
)
from media.models import ViewingSession
from tests import world

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LATER = world.NOON + DAY


@pytest.fixture
def admin():
    return world.holder("system_admin")


@pytest.fixture
def pair():
    world.policy()
    return world.learner(), world.learner()


def merge(admin, kept, merged, **facts):
    return merge_persons(
        **{"kept": kept, "merged": merged, "reason": "重复建档", "by": admin, "at": LATER} | facts
    )


def undo(admin, merge, at=LATER + DAY):
    return undo_merge(merge=merge, reason="是两个人", by=admin, at=at)


def rows(model, **which):
    """Every column of the rows as they lie in the table."""
    return [
        {k: bytes(v) if isinstance(v, memoryview) else v for k, v in row.items()}
        for row in model.objects.filter(**which).order_by("pk").values()
    ]


def learn(person, package, watched, at=world.NOON):
    """Open the package's video and watch; what is enough is settled."""
    unit = package.units.get(kind="video")
    enrol(person=person, unit=unit, posting=person.postings.get(), at=at)
    viewing = world.viewing(person, unit.video, watched, at=at)
    return settle_viewing(viewing=viewing, at=at)


def test_none_of_nineteen_completions_is_lost_overlapping_ones_included(admin, pair):
    """Moodle's merge tool lost 14 of 19."""
    kept, merged = pair
    packages = [world.package(title=f"课程 {number}") for number in range(19)]
    whole = [(0, 600)]
    for number, package in enumerate(packages):
        at = world.NOON - timedelta(days=number)
        if number % 2 == 0 or number > 13:
            learn(kept, package, whole, at=at)
            reading = package.units.get(kind="reading")
            finish_reading(person=kept, unit=reading, posting=kept.postings.get(), at=at)
        if number % 2 == 1 or number > 13:
            learn(merged, package, whole, at=at + timedelta(hours=1))
    before = set(UnitProgress.objects.filter(status="done").values_list("unit_key", flat=True))
    sources = set(LedgerEntry.objects.values_list("source_key", flat=True))
    preview = merge_preview(kept=kept, merged=merged, by=admin, at=LATER)

    merge(admin, kept, merged, seen=preview.digest)

    done = UnitProgress.objects.filter(person=kept, status="done")
    assert set(done.values_list("unit_key", flat=True)) == before
    assert done.count() == len(before) >= 19
    assert Enrolment.objects.filter(person=kept).count() == 19
    assert {(v.watched[0], len(v.watched)) for v in kept.viewings.all()} == {((0, 600), 1)}
    assert kept.viewings.count() == 19
    entries = list(entries_of(person=kept, year=2026))
    assert {entry.source_key for entry in entries} == sources
    # Nineteen videos, a quarter of an hour each, five of them by both accounts.
    assert yearly_totals(person=kept) == {(2026, "online"): Decimal("4.75")}
    assert [(s.kept + s.merged, s.doubled, s.after) for s in preview.sums] == [
        (Decimal("6.00"), Decimal("1.25"), Decimal("4.75"))
    ]
    assert verify_ledger().broken == []


def test_a_merge_moves_and_changes_no_row_of_record_and_none_of_the_merged_account(admin, pair):
    kept, merged = pair
    package = world.package()
    learn(kept, package, [(0, 200)])
    learn(merged, package, [(100, 600)], at=world.NOON + timedelta(minutes=5))
    world.entry(kept)
    world.entry(merged, "2")
    ledger = rows(LedgerEntry)
    theirs = [rows(m, person=merged) for m in (ViewingSession, UnitProgress, Enrolment)]
    posted = list(merged.postings.values())

    merge(admin, kept, merged)

    assert rows(LedgerEntry)[: len(ledger)] == ledger
    assert [rows(m, person=merged) for m in (ViewingSession, UnitProgress, Enrolment)] == theirs
    assert list(merged.postings.values()) == posted
    assert kept.viewings.get().watched == [(0, 600)]


def test_the_union_of_both_watchings_earns_once(admin, pair):
    kept, merged = pair
    package = world.package()
    learn(kept, package, [(0, 300)])
    learn(merged, package, [(280, 600)])
    merge(admin, kept, merged)

    settle_due_viewings()
    settle_due_viewings()

    entry = LedgerEntry.objects.get()
    assert (entry.person, entry.hours) == (kept, Decimal("0.25"))
    assert entry.evidence["watched"] == [[0, 600]]
    assert verify_ledger().broken == []


def test_what_the_merged_account_earned_is_not_earned_again(admin, pair):
    kept, merged = pair
    package = world.package()
    learn(merged, package, [(0, 600)])
    merge(admin, kept, merged)
    viewing = kept.viewings.get()

    settlement = settle_viewing(viewing=viewing, at=LATER)

    assert settlement.entry.person == merged
    assert LedgerEntry.objects.count() == 1


def test_the_days_cap_counts_both_accounts(admin, pair):
    kept, merged = pair
    world.entry(merged, "9.9", bucket="online", grade="timed", happened_on=world.NOON.date())
    merge(admin, kept, merged)

    settlement = learn(kept, world.package(), [(0, 600)])

    assert (settlement.state, settlement.hours) == ("capped", Decimal("0.10"))
    assert hours_on(person=kept, bucket="online", on=world.NOON.date()) == Decimal("10.00")


def test_the_same_class_recognised_twice_counts_once_and_comes_back_on_undo(admin, pair):
    kept, merged = pair
    same = {"source_key": "class/松组干〔2026〕11 号"}
    first = world.entry(merged, "7.5", **same)
    second = world.entry(kept, "7.5", at=world.NOON + timedelta(hours=1), **same)

    done = merge(admin, kept, merged)

    assert yearly_totals(person=kept) == {(2026, "in_person"): Decimal("7.50")}
    taken = LedgerEntry.objects.get(reverses=second)
    assert (taken.person, taken.hours, taken.actor) == (kept, Decimal("-7.50"), admin)
    assert "只记一次" in taken.evidence["reason"]
    assert not LedgerEntry.objects.filter(reverses=first).exists()

    undo(admin, done)

    assert yearly_totals(person=kept) == {(2026, "in_person"): Decimal("7.50")}
    assert yearly_totals(person=merged) == {(2026, "in_person"): Decimal("7.50")}
    restored = LedgerEntry.objects.get(reverses=taken)
    assert restored.title == f"恢复：{second.title}"
    assert verify_ledger().broken == []


def test_merging_undoing_and_merging_again_counts_once_each_time(admin, pair):
    kept, merged = pair
    for person in pair:
        world.entry(person, "7.5", source_key="class/one", evidence={"class_key": "one"})

    for times in range(3):
        at = LATER + times * DAY
        done = merge(admin, kept, merged, at=at)
        assert sum(yearly_totals(person=kept).values()) == Decimal("7.50")
        if times < 2:
            undo(admin, done, at=at + timedelta(hours=1))
            for person in pair:
                assert sum(yearly_totals(person=person).values()) == Decimal("7.50")

    assert verify_ledger().broken == []


def test_more_hours_of_one_source_stay_rather_than_fewer(admin, pair):
    kept, merged = pair
    world.entry(kept, "0.25", source_key="one")
    world.entry(merged, "1", source_key="one", at=LATER)

    merge(admin, kept, merged)

    assert sum(yearly_totals(person=kept).values()) == Decimal("1.00")


def test_an_entry_taken_back_before_is_no_double(admin, pair):
    kept, merged = pair
    mistaken = world.entry(kept, "1", source_key="one")
    reverse_entry(entry=mistaken, reason="记错", by=admin, at=world.NOON)
    world.entry(merged, "1", source_key="one")

    merge(admin, kept, merged)

    assert sum(yearly_totals(person=kept).values()) == Decimal("1.00")
    assert LedgerEntry.objects.count() == 3


def test_hours_posted_to_the_merged_account_go_to_the_kept_one(admin, pair):
    kept, merged = pair
    merge(admin, kept, merged)

    entry = world.entry(merged)

    assert entry.person == kept
    assert verify_ledger().broken == []


def test_undo_gives_everybody_back_exactly_what_they_had(admin, pair):
    kept, merged = pair
    first, second, third = (world.package(title=f"课程 {n}") for n in range(3))
    learn(kept, first, [(0, 100), (300, 400)])
    learn(merged, first, [(50, 350)], at=world.NOON + timedelta(minutes=1))
    learn(merged, second, [(0, 600)])
    learn(kept, third, [(0, 600)])
    learned = (ViewingSession, UnitProgress, Enrolment)
    before = [rows(m, person=kept) for m in learned]

    undo(admin, merge(admin, kept, merged))

    after = [rows(m, person=kept) for m in learned]
    for row in [*before[0], *after[0]]:
        row.pop("assessed_at")  # looked at again, and nothing else
    assert after == before
    kept.refresh_from_db()
    merged.refresh_from_db()
    assert (merged.merged_into, merged.is_active, kept.is_active) == (None, True, True)
    assert list(identity_ids(kept)) == [kept.pk]


def test_undo_keeps_what_the_kept_person_did_in_between(admin, pair):
    kept, merged = pair
    package, other = world.package(), world.package(title="另一门")
    learn(kept, package, [(0, 100)])
    learn(merged, package, [(50, 300)])
    learn(merged, other, [(0, 200)])
    done = merge(admin, kept, merged)
    for viewing in kept.viewings.all():
        viewing.watched = [*viewing.watched, (400, 500)]
        viewing.last_beat_at = LATER + timedelta(minutes=30)
        viewing.save()

    undo(admin, done)

    watched = dict(kept.viewings.values_list("video__title", "watched"))
    assert sorted(watched.values()) == [[(0, 100), (400, 500)], [(400, 500)]]
    assert set(kept.viewings.values_list("last_beat_at", flat=True)) == {
        LATER + timedelta(minutes=30)
    }


def test_beats_sent_after_the_merge_by_the_merged_account_are_not_lost(admin, pair):
    kept, merged = pair
    package, other = world.package(), world.package(title="另一门")
    learn(kept, package, [(0, 100)])
    learn(merged, package, [(50, 300)])
    learn(merged, other, [(0, 200)])
    done = merge(admin, kept, merged)
    for viewing in ViewingSession.objects.filter(person=merged):
        viewing.watched = [*viewing.watched, (400, 500)]
        viewing.last_beat_at = LATER
        viewing.save()

    settle_due_viewings()
    settle_due_viewings()

    watched = kept.viewings.order_by("pk").values_list("watched", flat=True)
    assert list(watched) == [[(0, 300), (400, 500)], [(0, 200), (400, 500)]]
    undo(admin, done)
    assert [v.watched for v in kept.viewings.all()] == [[(0, 100)]]


def test_late_beats_and_the_kept_persons_own_are_told_apart_when_it_is_undone(admin, pair):
    kept, merged = pair
    package = world.package()
    learn(merged, package, [(0, 200)])
    done = merge(admin, kept, merged)
    for person, span in ((kept, (300, 350)), (merged, (400, 500))):
        viewing = person.viewings.get()
        viewing.watched = [*viewing.watched, span]
        viewing.last_beat_at = LATER
        viewing.save()
        settle_due_viewings()
    assert kept.viewings.get().watched == [(0, 200), (300, 350), (400, 500)]

    undo(admin, done)

    assert kept.viewings.get().watched == [(300, 350)]


@pytest.mark.parametrize("seed", range(6))
def test_undo_subtracts_exactly_what_the_merge_added_whatever_was_watched(admin, pair, seed):
    kept, merged = pair
    random = Random(seed)
    package = world.package()

    def spans():
        cuts = sorted(random.sample(range(600), 8))
        return list(zip(cuts[::2], cuts[1::2], strict=True))

    mine, theirs = spans(), spans()
    learn(kept, package, mine)
    learn(merged, package, theirs)

    undo(admin, merge(admin, kept, merged))

    assert kept.viewings.get().watched == mine
    assert merged.viewings.get().watched == theirs


def test_after_an_undo_the_kept_person_can_still_earn_the_video(admin, pair):
    kept, merged = pair
    package = world.package()
    learn(kept, package, [(0, 500)])
    learn(merged, package, [(0, 600)])
    undo(admin, merge(admin, kept, merged))
    viewing = kept.viewings.get()
    assert viewing.settled_at is None
    viewing.watched = [(0, 600)]
    viewing.save()

    settle_due_viewings()

    assert LedgerEntry.objects.get(person=kept).hours == Decimal("0.25")


def test_the_merged_account_is_signed_out_and_stays_out(admin, pair):
    kept, merged = pair
    client = Client()
    client.force_login(merged)
    assert client.get("/record/").status_code == 200

    merge(admin, kept, merged)

    assert client.get("/record/").url.startswith("/accounts/login/")
    merged.set_password(world.PASSWORD)
    merged.is_active = False
    merged.save()
    assert not Client().login(username=merged.staff_number, password=world.PASSWORD)


def test_what_was_signed_in_before_a_merge_does_not_come_back_with_its_undoing(admin, pair):
    kept, merged = pair
    client = Client()
    client.force_login(merged)
    assert client.get("/record/").status_code == 200

    undo(admin, merge(admin, kept, merged))

    merged.refresh_from_db()
    assert merged.is_active
    assert client.get("/record/").url.startswith("/accounts/login/")


def test_the_merged_number_finds_the_kept_person(admin, pair):
    kept, merged = pair
    merge(admin, kept, merged)

    assert person_by_staff_number(merged.staff_number) == kept
    assert person_by_staff_number(kept.staff_number) == kept
    assert person_by_staff_number("nobody") is None


def test_accounts_merged_before_follow_and_come_back(admin, pair):
    kept, merged = pair
    oldest = world.learner()
    world.entry(oldest, "3")
    first = merge(admin, merged, oldest)
    second = merge(admin, kept, merged, at=LATER + DAY)

    oldest.refresh_from_db()
    assert oldest.merged_into == kept
    assert sum(yearly_totals(person=kept).values()) == Decimal("3.00")
    with pytest.raises(LaterMergeFirst, match="从最近的一次开始"):
        undo(admin, first)

    undo(admin, second, at=LATER + 2 * DAY)
    oldest.refresh_from_db()
    assert oldest.merged_into == merged
    undo(admin, first, at=LATER + 3 * DAY)
    oldest.refresh_from_db()
    assert (oldest.merged_into, oldest.is_active) == (None, True)


def test_a_merge_is_noted_with_its_reason_and_so_is_its_undoing(admin, pair):
    undo(admin, merge(admin, *pair))

    noted = JournalEntry.objects.filter(action__contains="merge")
    assert list(noted.order_by("at").values_list("action", "actor", "reason")) == [
        ("people.persons_merged", admin.pk, "重复建档"),
        ("people.merge_undone", admin.pk, "是两个人"),
    ]


def test_a_person_is_not_merged_with_themselves(admin, pair):
    kept, _other = pair

    with pytest.raises(SamePerson, match="同一个人") as refusal:
        merge(admin, kept, kept)

    assert refusal.value.code == "same_person"
    assert JournalEntry.objects.get(code="same_person").outcome == "refused"


def test_a_merged_account_takes_part_in_no_other_merge(admin, pair):
    kept, merged = pair
    merge(admin, kept, merged)

    for one, other in ((merged, world.learner()), (world.learner(), merged), (kept, merged)):
        with pytest.raises(PersonAlreadyMerged, match="合并以后保留的那个人员编号"):
            merge(admin, one, other)

    assert PersonMerge.objects.count() == 1


def test_nobody_merges_or_parts_their_own_record(admin, pair):
    kept, merged = pair
    for one, other in ((admin, merged), (kept, admin)):
        with pytest.raises((OwnRecord, HoldsAdministration)) as refusal:
            merge(admin, one, other)
        assert refusal.value.code == "own_record"
    done = merge(admin, kept, merged)

    with pytest.raises(OwnRecord, match="请另一位系统管理员来办"):
        undo(kept, done)


def test_an_administrators_account_is_not_merged_away(admin, pair):
    with pytest.raises(HoldsAdministration, match="先收回它的授权"):
        merge(admin, pair[0], world.holder("audit_admin"))


def test_a_preview_that_is_no_longer_true_is_refused(admin, pair):
    kept, merged = pair
    seen = merge_preview(kept=kept, merged=merged, by=admin, at=LATER).digest
    world.entry(merged)

    with pytest.raises(MergeChanged, match="再看一次预览"):
        merge(admin, kept, merged, seen=seen)

    assert not PersonMerge.objects.exists()


def test_undo_is_refused_after_thirty_days_and_twice(admin, pair):
    done = merge(admin, *pair)

    with pytest.raises(UndoTooLate, match="过了可以撤销的期限") as late:
        undo(admin, done, at=LATER + timedelta(days=30, seconds=1))
    undo(admin, done, at=LATER + timedelta(days=30))
    with pytest.raises(AlreadyUndone, match="已经撤销过了") as twice:
        undo(admin, done, at=LATER + timedelta(days=30))

    assert (late.value.code, twice.value.code) == ("undo_too_late", "already_undone")


def test_the_time_to_undo_is_a_setting(admin, pair, settings):
    settings.QIANGJI = settings.QIANGJI | {"MERGE_REVERSIBLE_DAYS": 3}

    assert merge(admin, *pair).reversible_until == LATER + timedelta(days=3)


def test_a_reversal_taken_back_lands_where_the_hours_came_from(admin, pair):
    """Grouped as the archive groups: one line for the class, whatever was done and undone."""
    for person in pair:
        world.entry(person, "7.5", source_key="class/one", evidence={"class_key": "one"})
    undo(admin, merge(admin, *pair))
    groups = {}

    for entry in LedgerEntry.objects.order_by("pk"):
        first = entry
        while first.reverses is not None:
            first = first.reverses
        count_entry(
            groups, bucket=entry.bucket, hours=entry.hours, title=first.title,
            happened_on=entry.happened_on.isoformat(), evidence=first.evidence,
        )  # fmt: skip

    assert [g.hours for g in groups.values()] == [Decimal("15.00")]


@pytest.mark.django_db(transaction=True)
def test_ten_merges_of_one_pair_at_once_are_one_merge():
    world.policy()
    admin, kept, merged = world.holder("system_admin"), world.learner(), world.learner()
    for person in (kept, merged):
        world.entry(person, source_key="one")
    refused = []

    def try_it(number):
        pair = (kept, merged) if number % 2 else (merged, kept)
        try:
            merge(admin, *pair)
        except PersonAlreadyMerged as refusal:
            refused.append(refusal.code)
        finally:
            connection.close()

    threads = [Thread(target=try_it, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert PersonMerge.objects.count() == 1
    assert refused == ["person_already_merged"] * 9
    assert Person.objects.filter(merged_into__isnull=False).count() == 1
    assert LedgerEntry.objects.filter(outcome="reversal").count() == 1
    assert verify_ledger().broken == []


@pytest.mark.django_db(transaction=True)
def test_hours_posted_while_two_are_merged_are_counted_once():
    version = world.policy()
    admin, kept, merged = world.holder("system_admin"), world.learner(), world.learner()

    def post(person):
        try:
            post_entry(
                person=person, posting=person.postings.get(), bucket="in_person",
                hours=Decimal(1), title="班", happened_on=world.NOON.date(),
                policy_version=version, grade="documented", source_kind="class",
                source_key="one", evidence={}, arithmetic=[], by=None, at=world.NOON,
            )  # fmt: skip
        finally:
            connection.close()

    def unite():
        try:
            merge(admin, kept, merged)
        finally:
            connection.close()

    threads = [Thread(target=unite), *(Thread(target=post, args=(p,)) for p in (kept, merged))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(yearly_totals(person=kept).values()) == Decimal("1.00")
    assert verify_ledger().broken == []
