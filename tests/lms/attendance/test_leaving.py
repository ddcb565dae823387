from datetime import timedelta
from uuid import uuid4

import pytest

from lms.attendance.leaving import (
    LeaveAnswered,
    LeaveAskedAlready,
    LeaveTooLate,
    answer_leave,
    ask_leave,
    withdraw_leave,
)
from lms.attendance.models import LeaveRequest
from lms.attendance.rules import Verdict
from lms.attendance.selectors import attendance_of, leave_standings
from lms.attendance.services import OwnAttendance, ReasonMissing
from tests import world
from tests.lms.attendance import occasions as at_the_door
from tests.lms.attendance.occasions import BACK, END, ISSUED, START, minutes

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall():
    return at_the_door.occasion()


@pytest.fixture
def wu(hall):
    [person] = at_the_door.roster(hall)
    return person


@pytest.fixture
def manager():
    return world.holder("class_manager")


def asked(hall, person, at=ISSUED) -> LeaveRequest:
    return ask_leave(occasion=hall, person=person, kind="duty", reason="县里开防汛会", at=at)


def test_leave_counts_when_another_person_has_granted_it(hall, wu, manager):
    request = asked(hall, wu)
    assert [row.finding.verdict for row in attendance_of(occasion=hall, at=BACK)] == [
        Verdict.ABSENT
    ]
    answer_leave(request=request, is_granted=True, answer="", by=manager, at=START)
    assert [row.finding.verdict for row in attendance_of(occasion=hall, at=BACK)] == [
        Verdict.ON_LEAVE
    ]


def test_nobody_answers_their_own_leave(hall, wu):
    with pytest.raises(OwnAttendance):
        answer_leave(request=asked(hall, wu), is_granted=True, answer="", by=wu, at=START)


def test_a_refusal_of_leave_says_why(hall, wu, manager):
    with pytest.raises(ReasonMissing):
        answer_leave(request=asked(hall, wu), is_granted=False, answer=" ", by=manager, at=START)


def test_leave_is_answered_once(hall, wu, manager):
    request = asked(hall, wu)
    answer_leave(request=request, is_granted=False, answer="人手够", by=manager, at=START)
    with pytest.raises(LeaveAnswered):
        answer_leave(request=request, is_granted=True, answer="", by=manager, at=START)


def test_leave_is_asked_once_and_again_only_after_taking_it_back(hall, wu):
    request = asked(hall, wu)
    with pytest.raises(LeaveAskedAlready) as refused:
        asked(hall, wu)
    assert refused.value.code == "leave_asked_already"
    withdraw_leave(request=request, at=START)
    assert asked(hall, wu).pk != request.pk


def test_leave_is_not_asked_for_afterwards_nor_taken_back(hall, wu):
    request = asked(hall, wu)
    with pytest.raises(LeaveTooLate):
        withdraw_leave(request=request, at=END + minutes(1))
    with pytest.raises(LeaveTooLate):
        asked(hall, world.learner("蓝海"), at=END + minutes(1))


def test_leave_is_a_share_of_the_whole_class_and_warned_of_before_it_is_too_much(manager):
    """Seven stops of three hours: one on leave is exactly a seventh, two are above it."""
    key, wu = uuid4(), world.learner()
    halls = [
        at_the_door.occasion(
            f"stop-{number}", class_key=key, starts_at=START + timedelta(days=number),
            ends_at=END + timedelta(days=number),
        )
        for number in range(7)
    ]  # fmt: skip
    for number, is_near, is_over in ((0, True, False), (1, False, True)):
        request = asked(halls[number], wu)
        at_the_door.expect(occasion=halls[number], persons=[wu], via="assigned", by=None, at=ISSUED)
        answer_leave(request=request, is_granted=True, answer="", by=manager, at=ISSUED)
        standing = leave_standings(class_key=key, at=BACK)[wu.pk]
        assert (standing.is_near, standing.is_over) == (is_near, is_over)
