"""One transaction that leaves nothing behind when it is refused, except the journal's row of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction

from lms.common.acts import note
from lms.common.errors import Refusal


@contextmanager
def refusals_noted(*, action: str, by: Any, at: datetime, **facts: Any) -> Iterator[None]:
    """Undo what the block wrote when it raises a Refusal, note the refusal, and raise it on.

    The row is written after the rollback, so a caller must not wrap this in a transaction of its own
    that the refusal ends.
    """
    try:
        with transaction.atomic():
            yield
    except Refusal as refusal:
        note(action=action, by=by, at=at, outcome="refused", code=refusal.code, **facts)
        raise
