"""Asking for one's data to be corrected, and answering."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from lms.common.acts import note
from lms.common.errors import Refusal
from lms.common.masking import holds_id_number
from lms.people.models import CorrectionRequest, Person
from lms.people.roles import Permission
from lms.people.selectors import identity_ids, persons_visible_to

State = CorrectionRequest.State
OPEN_MAX = 5


class IdNumberWritten(Refusal):
    code = "id_number_written"
    sentence = "请不要在这里写身份证号全号。写明第几位不对就行，单位会核对原件。"


class TooManyOpen(Refusal):
    code = "too_many_open"
    sentence = "你有 5 条更正申请还没有答复，等答复后再申请新的。"
    status = 409


class AlreadyAnswered(Refusal):
    code = "already_answered"
    sentence = "这条申请已经有人答复了，没有再改。"
    status = 409


class OwnCorrection(Refusal):
    code = "own_correction"
    sentence = "不能答复自己的申请，请由别的管理员或上级单位答复。"
    status = 409


def corrections_visible_to(*, person: Person, on: date) -> QuerySet[CorrectionRequest]:
    """Requests of the persons `person` may read, those waiting first, then the latest answered.

    What was asked from an account merged since is its person's.
    """
    people = persons_visible_to(person=person, permission=Permission.READ_PEOPLE, on=on)
    return (
        CorrectionRequest.objects.alias(owner=Coalesce("person__merged_into_id", "person_id"))
        .filter(owner__in=people.values("pk"))
        .select_related("person", "answered_by")
        .order_by(F("answered_at").desc(nulls_first=True), "asked_at")
    )


def corrections_of(person: Person) -> QuerySet[CorrectionRequest]:
    """A person's own requests, newest first."""
    asked = CorrectionRequest.objects.filter(person__in=identity_ids(person))
    return asked.select_related("answered_by").order_by("-asked_at")


def ask_correction(
    *, about: str, wrong: str, wished: str, by: Person, at: datetime
) -> CorrectionRequest:
    """Ask for one's own data to be corrected. Raises IdNumberWritten and TooManyOpen, noted.

    Call it outside a transaction, or the note of a refusal goes with it.
    """
    refusal: Refusal | None = None
    if holds_id_number(wrong) or holds_id_number(wished):
        refusal = IdNumberWritten()
    elif by.corrections.filter(state=State.WAITING).count() >= OPEN_MAX:
        refusal = TooManyOpen()
    if refusal:
        note(action="people.correction_asked", by=by, at=at, obj=by, **_refused(refusal))
        raise refusal
    with transaction.atomic():
        request = CorrectionRequest.objects.create(
            person=by, about=about, wrong=wrong, wished=wished, asked_at=at
        )
        note(action="people.correction_asked", by=by, at=at, obj=request, detail={"about": about})
    return request


def answer_correction(
    *, request: CorrectionRequest, state: str, answer: str, by: Person, at: datetime
) -> None:
    """Answer once. `state` is changed or kept. Raises AlreadyAnswered and OwnCorrection, noted."""
    refusal: Refusal = OwnCorrection()
    if by.pk not in {request.person_id, request.person.merged_into_id}:
        with transaction.atomic():
            taken = CorrectionRequest.objects.filter(pk=request.pk, state=State.WAITING).update(
                state=state, answer=answer, answered_by=by, answered_at=at
            )
            if taken:
                note(
                    action="people.correction_answered",
                    by=by,
                    at=at,
                    obj=request,
                    detail={"state": state},
                )
                return
        refusal = AlreadyAnswered()
    note(action="people.correction_answered", by=by, at=at, obj=request, **_refused(refusal))
    raise refusal


def _refused(refusal: Refusal) -> dict[str, str]:
    return {"outcome": "refused", "code": refusal.code}
