import random
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from lms.attendance.codes import code_text
from lms.attendance.models import Decision, Occasion, Scan
from lms.attendance.packing import revoke_device
from lms.attendance.receiving import MOST_AT_ONCE, Outcome, TooManyScans
from lms.attendance.rules import Doubt, Verdict
from lms.attendance.selectors import attendance_of, undecided
from lms.attendance.services import decide
from lms.journal.models import JournalEntry
from tests import world
from tests.lms.attendance import occasions as at_the_door
from tests.lms.attendance.occasions import BACK, END, START, minutes

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return world.holder("class_manager")


@pytest.fixture
def hall():
    return at_the_door.occasion()


@pytest.fixture
def wu(hall):
    [person] = at_the_door.roster(hall)
    return person


@pytest.fixture
def taken(manager, hall, wu):
    return at_the_door.pack(manager, hall)


def code(hall, person, at):
    return {
        "method": Scan.Method.CODE,
        "code": code_text(person_id=person.pk, occasion_key=hall.key, at=at),
    }


def row_of(hall, person, at=BACK):
    [row] = [row for row in attendance_of(occasion=hall, at=at) if row.person_id == person.pk]
    return row


def test_a_scan_sent_twice_is_kept_once_and_answered_alike(taken, hall, wu):
    sent = at_the_door.scan(hall, wu)
    first, again = (
        at_the_door.send(taken, sent),
        at_the_door.send(taken, sent, at=BACK + timedelta(days=7)),
    )
    assert first == again
    assert [receipt.outcome for receipt in first] == [Outcome.KEPT]
    assert Scan.objects.count() == 1


def test_a_scan_twice_in_one_sending_is_kept_once(taken, hall, wu):
    sent = at_the_door.scan(hall, wu)
    receipts = at_the_door.send(taken, *[sent] * 50)
    assert {receipt.outcome for receipt in receipts} == {Outcome.KEPT}
    assert Scan.objects.count() == 1


def test_the_same_key_with_another_body_changes_nothing(taken, hall, wu):
    sent = at_the_door.scan(hall, wu)
    at_the_door.send(taken, sent)
    other = at_the_door.scan(hall, wu, START + minutes(30), client_key=sent.client_key)
    [receipt] = at_the_door.send(taken, other)
    assert receipt.outcome == Outcome.CHANGED
    assert row_of(hall, wu).signed_in_at == START


def test_the_same_person_scanned_by_two_devices_late_and_shuffled_is_one_record(manager, hall, wu):
    packs = [at_the_door.pack(manager, hall) for _ in range(2)]
    scans = [
        (taken, at_the_door.scan(hall, wu, START + minutes(delay), direction=direction))
        for taken in packs
        for direction, delay in (("in", 5), ("in", -3), ("out", 178), ("out", 181))
    ]
    random.Random(7).shuffle(scans)
    for number, (taken, sent) in enumerate(scans):
        at_the_door.send(taken, sent, at=BACK + timedelta(days=number))
    [row] = attendance_of(occasion=hall, at=BACK)
    assert (row.signed_in_at, row.signed_out_at) == (START - minutes(3), START + minutes(181))
    assert row.finding.verdict == Verdict.ON_TIME


def test_a_device_whose_clock_is_hours_wrong_but_steady_is_corrected(manager, hall, wu):
    wrong = timedelta(hours=-9)
    taken = at_the_door.pack(manager, hall, ahead=wrong)
    [receipt] = at_the_door.send(taken, at_the_door.scan(hall, wu, START + wrong), ahead=wrong)
    assert receipt.outcome == Outcome.KEPT
    assert row_of(hall, wu).signed_in_at == START


@pytest.mark.parametrize(
    ("facts", "ahead", "doubt"),
    [
        ({}, 30, Doubt.CLOCK_CHANGED),
        ({"device_at": START - timedelta(days=1)}, 0, Doubt.BEFORE_PACK),
        ({"device_at": BACK + timedelta(days=1)}, 0, Doubt.AFTER_RECEIPT),
        ({"device_at": START - minutes(61)}, 0, Doubt.OUTSIDE_WINDOW),
        ({"method": Scan.Method.CODE, "code": "https://example.com"}, 0, Doubt.CODE_UNREADABLE),
        ({"method": Scan.Method.CODE, "code": "QJ1.1.zz.1.é"}, 0, Doubt.CODE_UNREADABLE),
        ({"method": Scan.Method.WITNESS}, 0, Doubt.OWN_WITNESS),
    ],
)
def test_a_scan_that_proves_nothing_is_kept_and_shown_but_does_not_count(
    taken, hall, wu, facts, ahead, doubt
):
    [receipt] = at_the_door.send(taken, at_the_door.scan(hall, wu, **facts), ahead=minutes(ahead))
    assert (receipt.outcome, receipt.doubt) == (Outcome.DOUBTED, doubt)
    assert [scan.doubt for scan in undecided(occasions=Occasion.objects.all())] == [doubt]
    assert row_of(hall, wu).finding.verdict == Verdict.ABSENT


def test_a_genuine_code_counts(taken, hall, wu):
    [receipt] = at_the_door.send(taken, at_the_door.scan(hall, wu, **code(hall, wu, START)))
    assert receipt.outcome == Outcome.KEPT


def test_a_screenshot_an_edited_code_and_a_code_of_others_count_for_nobody(taken, hall, wu):
    next_door = at_the_door.occasion("stop-2")
    [other] = at_the_door.roster(hall, ["雷建军"])
    genuine = code(hall, wu, START)["code"]
    scans = [
        at_the_door.scan(hall, wu, START + minutes(5), **code(hall, wu, START)),
        at_the_door.scan(hall, wu, method="code", code=genuine[:-1] + ("A" if genuine[-1] != "A" else "B")),
        at_the_door.scan(hall, wu, **code(next_door, wu, START)),
        at_the_door.scan(hall, wu, **code(hall, other, START)),
    ]  # fmt: skip
    assert [receipt.doubt for receipt in at_the_door.send(taken, *scans)] == [
        Doubt.CODE_STALE,
        Doubt.CODE_UNREADABLE,
        Doubt.CODE_OF_ANOTHER_OCCASION,
        Doubt.CODE_OF_ANOTHER_PERSON,
    ]
    assert {row.finding.verdict for row in attendance_of(occasion=hall, at=BACK)} == {
        Verdict.ABSENT
    }


def test_scans_of_a_revoked_device_wait_for_a_human(taken, hall, wu, manager):
    revoke_device(device=taken.device, reason="平板丢在车上", by=manager, at=END)
    [receipt] = at_the_door.send(taken, at_the_door.scan(hall, wu))
    assert receipt.doubt == Doubt.DEVICE_REVOKED


def test_who_is_not_on_the_roster_needs_a_reason_and_is_then_there_all_the_same(taken, hall):
    stranger, guest = world.learner("蓝海"), world.learner("钟秀英")
    receipts = at_the_door.send(
        taken,
        at_the_door.scan(hall, stranger),
        at_the_door.scan(hall, guest, note="顶替请假的同事"),
    )
    assert [receipt.doubt for receipt in receipts] == [Doubt.NOT_EXPECTED, ""]
    row = row_of(hall, guest)
    assert (row.was_there, row.is_expected) == (True, False)


def test_an_occasion_outside_the_pack_and_a_person_who_does_not_exist_are_told_apart_from_kept(
    taken, hall, wu
):
    next_door = at_the_door.occasion("stop-2")
    receipts = at_the_door.send(
        taken, at_the_door.scan(next_door, wu), at_the_door.scan(hall, wu, person_id=10**9)
    )
    assert {receipt.outcome for receipt in receipts} == {Outcome.UNKNOWN}


def test_too_many_at_once_are_refused_whole(taken, hall, wu):
    with pytest.raises(TooManyScans):
        at_the_door.send(taken, *[at_the_door.scan(hall, wu)] * (MOST_AT_ONCE + 1))
    assert not Scan.objects.exists()


def test_a_decision_accepts_a_doubted_scan_and_a_later_one_takes_it_back(taken, hall, wu, manager):
    at_the_door.send(taken, at_the_door.scan(hall, wu, method=Scan.Method.WITNESS))
    scan = Scan.objects.get()
    first = decide(
        occasion=hall, person=wu, scan=scan, ruling=Decision.Ruling.ACCEPTED,
        reason="村书记当场作证", by=manager, at=BACK,
    )  # fmt: skip
    assert row_of(hall, wu).was_there
    assert not undecided(occasions=Occasion.objects.all()).exists()
    decide(
        occasion=hall, person=wu, scan=scan, ruling=Decision.Ruling.REJECTED,
        reason="证人认错了人", seen=first, by=manager, at=BACK,
    )  # fmt: skip
    assert not row_of(hall, wu).was_there


def test_scans_and_decisions_are_never_changed_or_removed(taken, hall, wu, manager):
    at_the_door.send(taken, at_the_door.scan(hall, wu))
    decide(
        occasion=hall, person=wu, ruling=Decision.Ruling.LATE, reason="会议室门口登记", by=manager, at=BACK
    )  # fmt: skip
    for model in (Scan, Decision):
        for change in (
            lambda m=model: m.objects.all().delete(),
            lambda m=model: m.objects.update(person=manager),
        ):
            with (
                pytest.raises(ProgrammingError, match="Cannot update or delete"),
                transaction.atomic(),
            ):
                change()


def test_statements_do_not_grow_with_the_scans(taken, hall, wu):
    def statements(number: int) -> int:
        scans = [at_the_door.scan(hall, wu) for _ in range(number)]
        with CaptureQueriesContext(
            connection,
        ) as seen:
            at_the_door.send(taken, *scans)
        return len(seen)

    statements(1)
    assert statements(1) == statements(200)


def test_a_sending_is_noted_in_the_journal_with_its_numbers(taken, hall, wu):
    at_the_door.send(
        taken, at_the_door.scan(hall, wu), at_the_door.scan(hall, wu, method="witness")
    )
    entry = JournalEntry.objects.get(action="attendance.scans_received")
    assert entry.detail == {"scans": 2, "doubted": 1}


def test_another_person_cannot_take_a_key_so_that_a_scan_is_lost(taken, hall, wu):
    rival = world.holder("class_manager")
    sent = at_the_door.scan(hall, wu)
    at_the_door.send(
        at_the_door.pack(rival, hall),
        at_the_door.scan(hall, rival, client_key=sent.client_key, note="占用"),
    )
    assert [r.outcome for r in at_the_door.send(taken, sent)] == [Outcome.KEPT]


def test_a_person_with_two_accounts_is_one_record(taken, hall, wu):
    twin = world.learner("吴晓芸")
    twin.is_active, twin.merged_into = False, wu
    twin.save()
    at_the_door.send(
        taken,
        at_the_door.scan(hall, wu),
        at_the_door.scan(hall, twin, END, direction="out", note="用旧账号签退", client_key=uuid4()),
    )
    [row] = attendance_of(occasion=hall, at=BACK)
    assert (row.person_id, row.finding.verdict) == (wu.pk, Verdict.ON_TIME)
