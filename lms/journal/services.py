"""The one writer of the journal."""

from datetime import datetime
from typing import Any

from django.db.models import Model

from lms.common.clock import local_date
from lms.journal.models import JournalEntry
from lms.people.models import Person
from lms.people.selectors import posting_on


def record(
    *,
    action: str,
    by: Person | None,
    at: datetime,
    obj: Model | None = None,
    outcome: str = JournalEntry.Outcome.DONE,
    code: str = "",
    reason: str = "",
    address: str | None = None,
    detail: dict[str, Any] | None = None,
) -> JournalEntry:
    """Write one journal row. `by=None` means the system itself acted."""
    return JournalEntry.objects.create(
        at=at,
        actor=by,
        posting=posting_on(person=by, on=local_date(at)) if by is not None else None,
        action=action,
        object_type=obj._meta.label if obj is not None else "",
        object_id=str(obj.pk) if obj is not None else "",
        outcome=outcome,
        code=code,
        reason=reason,
        address=address,
        detail=detail or {},
    )
