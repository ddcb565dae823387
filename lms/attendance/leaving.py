"""Leave: asked for by the person, answered by another."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop

from lms.attendance.models import LeaveRequest, Occasion
from lms.attendance.services import OwnAttendance, ReasonMissing
from lms.common.errors import Refusal
from lms.journal.services import record
from lms.people.models import Person


class LeaveAskedAlready(Refusal):
    code = "leave_asked_already"
    sentence = gettext_noop("这一场你已经请过假了。要改事由，请先撤回再重新申请。")
    status = 409


class LeaveTooLate(Refusal):
    code = "leave_too_late"
    sentence = gettext_noop("这一场已经结束，不能再请假。有异议请在考勤记录里提出申诉。")
    status = 409


class LeaveAnswered(Refusal):
    code = "leave_answered"
    sentence = gettext_noop("这条请假已经有人处理，或本人已撤回。请刷新页面。")
    status = 409


def ask_leave(
    *, occasion: Occasion, person: Person, kind: str, reason: str, at: datetime
) -> LeaveRequest:
    """Raises ReasonMissing, LeaveTooLate, LeaveAskedAlready."""
    if not reason.strip():
        raise ReasonMissing
    if at > occasion.ends_at:
        raise LeaveTooLate
    try:
        with transaction.atomic():
            request = LeaveRequest.objects.create(
                occasion=occasion, person=person, kind=kind, reason=reason.strip(), asked_at=at
            )
            record(action="attendance.leave_asked", by=person, at=at, obj=request)
    except IntegrityError as error:
        raise LeaveAskedAlready from error
    return request


def answer_leave(
    *, request: LeaveRequest, is_granted: bool, answer: str, by: Person, at: datetime
) -> None:
    """Grant or refuse; a refusal says why. Raises OwnAttendance, ReasonMissing, LeaveAnswered."""
    if by.pk == request.person_id:
        raise OwnAttendance
    if not is_granted and not answer.strip():
        raise ReasonMissing
    state = LeaveRequest.State.GRANTED if is_granted else LeaveRequest.State.REFUSED
    with transaction.atomic():
        open_now = LeaveRequest.objects.filter(pk=request.pk, state=LeaveRequest.State.ASKED)
        changed = open_now.update(
            state=state, decided_by=by, decided_at=at, answer=answer.strip()[:300]
        )
        if not changed:
            raise LeaveAnswered
        detail = {"state": str(state)}
        record(
            action="attendance.leave_answered", by=by, at=at, obj=request,
            subject=request.person, reason=answer, detail=detail,
        )  # fmt: skip


def withdraw_leave(*, request: LeaveRequest, at: datetime) -> None:
    """The person comes after all; possible until the occasion ends. Raises LeaveTooLate, LeaveAnswered."""
    if at > request.occasion.ends_at:
        raise LeaveTooLate
    with transaction.atomic():
        open_now = LeaveRequest.objects.filter(
            pk=request.pk, state__in=[LeaveRequest.State.ASKED, LeaveRequest.State.GRANTED]
        )
        if not open_now.update(state=LeaveRequest.State.WITHDRAWN):
            raise LeaveAnswered
        record(action="attendance.leave_withdrawn", by=request.person, at=at, obj=request)
