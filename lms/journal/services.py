"""The one writer of the journal."""

from datetime import datetime
from typing import Any

from django.db.models import Model

from lms.common.clock import local_date
from lms.common.masking import without_id_numbers
from lms.common.origin import current_origin, plain_address
from lms.journal.models import JournalEntry
from lms.journal.rules import entry_digest, plain_text, storable
from lms.journal.subjects import subject_of, unit_of
from lms.people.models import Person, Posting
from lms.people.selectors import posting_on


def record(
    *,
    action: str,
    by: Person | None,
    at: datetime,
    obj: Model | None = None,
    subject: Person | None = None,
    posting: Posting | None = None,
    outcome: str = JournalEntry.Outcome.DONE,
    code: str = "",
    reason: str = "",
    address: str | None = None,
    detail: dict[str, Any] | None = None,
) -> JournalEntry:
    """Write one journal row in the caller's transaction. `by=None` means the system itself acted.

    Whose data `obj` is (`subject`, a person) and of which unit follows from `obj` where not said;
    posting and address come from the request now answered, else from the person's postings.
    """
    origin = current_origin()
    if posting is None and by is not None:
        posting = origin.posting() if origin and origin.is_of(by) else None
        posting = posting or posting_on(person=by, on=local_date(at))
    if address is None and origin is not None:
        address = origin.address
    subject_id = subject.pk if subject is not None else subject_of(obj)
    fields: dict[str, Any] = {
        "at": at,
        "actor_id": by.pk if by is not None else None,
        "posting_id": posting.pk if posting else None,
        "unit_id": posting.unit_id if posting else None,
        "action": action,
        "object_type": obj._meta.label if obj is not None else "",
        "object_id": str(obj.pk)[:64] if obj is not None else "",
        "subject_id": subject_id,
        "object_unit_id": unit_of(obj, subject_id=subject_id, at=at),
        "outcome": str(outcome),
        "code": code,
        "reason": without_id_numbers(plain_text(str(reason)))[:300],
        "address": plain_address(address),
        "detail": storable(detail or {}),
    }
    return JournalEntry.objects.create(**fields, digest=entry_digest(**fields))
