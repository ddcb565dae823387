"""Showing one ID number to one person, for a reason, once."""

from datetime import datetime

from lms.common.acts import note
from lms.common.errors import Refusal
from lms.people.models import Person

REASON_MIN = 4


class ReasonMissing(Refusal):
    code = "reason_missing"
    sentence = "请写明为什么要看身份证号，至少 4 个字。本人能看到这条理由。"


class IdNumberUnknown(Refusal):
    code = "id_number_unknown"
    sentence = "平台没有这个人的身份证号，请向本人或人事部门核对。"
    status = 409


def reveal_id_number(*, person: Person, reason: str, by: Person, at: datetime) -> str:
    """The whole number. Noted with the reason before it is given, refusals too.

    Raises ReasonMissing and IdNumberUnknown. Call it outside a transaction.
    """
    reason = reason.strip()
    refusal: Refusal | None = None
    if len(reason) < REASON_MIN:
        refusal = ReasonMissing()
    elif not person.id_number:
        refusal = IdNumberUnknown()
    note(
        action="people.id_number_revealed",
        by=by,
        at=at,
        obj=person,
        outcome="refused" if refusal else "done",
        code=refusal.code if refusal else "",
        reason=reason,
    )
    if refusal:
        raise refusal
    return person.id_number
