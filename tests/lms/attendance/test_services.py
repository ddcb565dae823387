from datetime import timedelta
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connection

from lms.attendance.codes import THE_ROOM, code_text
from lms.attendance.models import Decision, Expected, Occasion, Scan
from lms.attendance.rules import Doubt, Verdict
from lms.attendance.selectors import attendance_of
from lms.attendance.services import (
    DecidedMeanwhile,
    NobodyServing,
    OwnAttendance,
    ReasonMissing,
    SignInRefused,
    decide,
    expect,
    open_occasion,
    sign_in_by_room_code,
    stop_expecting,
)
from lms.journal.models import JournalEntry
from lms.people.models import Person
from lms.people.services import add_person
from tests import world
from tests.lms.attendance import occasions as at_the_door
from tests.lms.attendance.occasions import BACK, END, ISSUED, START, minutes

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall():
    return at_the_door.occasion()


@pytest.fixture
def wu(hall) -> Person:
    [person] = at_the_door.roster(hall)
    return person


@pytest.fixture
def manager():
    return world.holder("class_manager")


def room_code(hall, at=START):
    return code_text(person_id=THE_ROOM, occasion_key=hall.key, at=at)


def sign_in(hall, person, *, code=None, at=START, client_key=None):
    return sign_in_by_room_code(
        occasion=hall, direction=Scan.Direction.IN, code=code or room_code(hall, at),
        client_key=client_key or uuid4(), by=person, at=at,
    )  # fmt: skip


def verdicts(hall, at=BACK):
    return {row.person_id: row.finding.verdict for row in attendance_of(occasion=hall, at=at)}


def test_an_occasion_is_opened_once_for_its_source_and_brought_up_to_date(hall):
    again = at_the_door.occasion()
    moved = at_the_door.occasion(starts_at=START + minutes(30))
    assert again.pk == moved.pk == hall.pk
    assert Occasion.objects.get().starts_at == START + minutes(30)
    actions = JournalEntry.objects.filter(object_type="attendance.Occasion")
    assert list(actions.values_list("action", flat=True).order_by("pk")) == [
        "attendance.occasion_opened",
        "attendance.occasion_changed",
    ]


def test_a_roster_keeps_the_posting_of_the_day_and_the_way_somebody_came_onto_it(hall, wu):
    expect(occasion=hall, persons=[wu], via="assigned", by=None, at=BACK)
    row = Expected.objects.get()
    assert (row.posting, row.via) == (wu.postings.get(), "signed_up")


def test_somebody_without_a_posting_is_not_put_on_a_roster_and_neither_are_the_others(hall):
    nobody = add_person(staff_number="SY000000", name="无任职", password=None)
    with pytest.raises(NobodyServing):
        expect(occasion=hall, persons=[world.learner(), nobody], via="assigned", by=None, at=ISSUED)
    assert not Expected.objects.exists()


def test_who_is_taken_off_the_roster_is_neither_absent_nor_forgotten_and_may_come_back(
    hall, wu, manager
):
    stop_expecting(occasion=hall, person=wu, by=manager, at=ISSUED)
    assert verdicts(hall) == {}
    expect(occasion=hall, persons=[wu], via="assigned", by=manager, at=ISSUED)
    assert verdicts(hall) == {wu.pk: Verdict.ABSENT}


def test_ones_own_phone_signs_in_by_the_code_on_the_projector_once(hall, wu):
    key = uuid4()
    first = sign_in(hall, wu, client_key=key)
    assert sign_in(hall, wu, client_key=key, at=START + minutes(1)) == first
    scan = Scan.objects.get()
    assert (scan.method, scan.by, scan.happened_at) == ("projector", wu, START)


@pytest.mark.parametrize(
    ("make", "at", "doubt", "sentence"),
    [
        (lambda hall, wu: room_code(hall), START + minutes(3), Doubt.CODE_STALE, "照片和截图不能用"),
        (lambda hall, wu: room_code(at_the_door.occasion("stop-2")), START, Doubt.CODE_OF_ANOTHER_OCCASION, "另一场"),
        (lambda hall, wu: code_text(person_id=wu.pk, occasion_key=hall.key, at=START), START, Doubt.CODE_OF_ANOTHER_PERSON, "个人码"),
        (lambda hall, wu: room_code(hall)[:-1] + "?", START, Doubt.CODE_UNREADABLE, "不是现场的签到码"),
        (lambda hall, wu: room_code(hall, START - minutes(61)), START - minutes(61), Doubt.OUTSIDE_WINDOW, "不在签到时间内"),
    ],
)  # fmt: skip
def test_the_room_refuses_other_codes_and_old_ones_and_notes_it(
    hall, wu, make, at, doubt, sentence
):
    with pytest.raises(SignInRefused) as refused:
        sign_in(hall, wu, code=make(hall, wu), at=at)
    assert refused.value.code == doubt
    assert sentence in str(refused.value.sentence)
    assert not Scan.objects.exists()
    assert JournalEntry.objects.get(action="attendance.sign_in_refused").code == doubt


def test_the_room_does_not_sign_in_who_is_not_on_the_roster(hall, wu):
    with pytest.raises(SignInRefused) as refused:
        sign_in(hall, world.learner("蓝海"))
    assert refused.value.code == Doubt.NOT_EXPECTED


def test_a_decision_stands_above_the_evidence_until_it_is_taken_back(hall, wu, manager):
    ruled = {"occasion": hall, "person": wu, "by": manager, "at": BACK}
    first = decide(ruling=Decision.Ruling.ON_TIME, reason="签到屏坏了，有照片", **ruled)
    assert verdicts(hall) == {wu.pk: Verdict.ON_TIME}
    decide(ruling=Decision.Ruling.AS_RECORDED, reason="照片是另一天的", seen=first, **ruled)
    assert verdicts(hall) == {wu.pk: Verdict.ABSENT}


def test_nobody_decides_about_themselves_or_without_a_reason(hall, wu, manager):
    with pytest.raises(OwnAttendance) as own:
        decide(
            occasion=hall, person=wu, ruling=Decision.Ruling.ON_TIME, reason="我在", by=wu, at=BACK
        )
    assert (own.value.code, own.value.status) == ("own_attendance", 403)
    with pytest.raises(ReasonMissing):
        decide(
            occasion=hall,
            person=wu,
            ruling=Decision.Ruling.ON_TIME,
            reason=" ",
            by=manager,
            at=BACK,
        )


def test_a_decision_nobody_saw_is_not_overruled(hall, wu, manager):
    ruled = {"occasion": hall, "person": wu, "at": BACK}
    decide(ruling=Decision.Ruling.LATE, reason="路上堵车", by=manager, **ruled)
    with pytest.raises(DecidedMeanwhile):
        decide(
            ruling=Decision.Ruling.ABSENT,
            reason="没见到人",
            by=world.holder("class_manager"),
            **ruled,
        )
    assert verdicts(hall) == {wu.pk: Verdict.LATE}


@pytest.mark.django_db(transaction=True)
def test_of_two_managers_deciding_at_once_one_is_told_of_the_other():
    hall = at_the_door.occasion()
    [wu] = at_the_door.roster(hall)
    managers = [world.holder("class_manager") for _ in range(2)]
    together, outcomes = Barrier(2), []

    def rule(by):
        together.wait()
        try:
            decide(
                occasion=hall, person=wu, ruling=Decision.Ruling.LATE, reason="看表", by=by, at=BACK
            )
            outcomes.append("decided")
        except DecidedMeanwhile as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [Thread(target=rule, args=[by]) for by in managers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["decided", "decided_meanwhile"]
    assert Decision.objects.count() == 1


def test_a_class_over_midnight_is_one_occasion_with_its_own_window():
    night = at_the_door.occasion(
        "night", starts_at=START + timedelta(hours=9), ends_at=START + timedelta(hours=11)
    )
    [wu] = at_the_door.roster(night)
    sign_in(night, wu, at=night.starts_at)
    out = {"direction": Scan.Direction.OUT, "client_key": uuid4(), "by": wu, "at": night.ends_at}
    sign_in_by_room_code(occasion=night, code=room_code(night, night.ends_at), **out)
    assert verdicts(night, END + timedelta(days=1)) == {wu.pk: Verdict.ON_TIME}


def test_open_occasion_refuses_an_end_before_the_start():
    with pytest.raises(Exception, match="occasion_ends_after_it_starts"):
        open_occasion(
            kind="class", source_key="x", by=None, at=ISSUED,
            facts={"title": "x", "owner_unit": world.county(), "starts_at": END, "ends_at": START},
        )  # fmt: skip
