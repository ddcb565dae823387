"""An act of record: one transaction; its refusal is noted after it was rolled back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model

from lms.common.acts import note
from lms.common.errors import Refusal


@contextmanager
def act_of_record(*, action: str, by: Any, at: datetime, obj: Model) -> Iterator[None]:
    """The writer inside notes what it did; what it refuses is noted here."""
    try:
        with transaction.atomic():
            yield
    except Refusal as refusal:
        note(action=action, by=by, at=at, obj=obj, outcome="refused", code=refusal.code)
        raise
