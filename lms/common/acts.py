"""Acts of record, noted by layers that lie below the journal.

`lms.journal` writes them. It registers its writer when Django starts; without one every act is
refused, so that nobody can switch the journal off by leaving it out.
"""

from datetime import datetime
from typing import Any, Protocol

from django.db.models import Model


class ActWriter(Protocol):
    """`lms.journal.services.record`."""

    def __call__(
        self,
        *,
        action: str,
        by: Any,
        at: datetime,
        obj: Model | None = None,
        outcome: str = "done",
        code: str = "",
        reason: str = "",
        address: str | None = None,
        detail: dict[str, Any] | None = None,
    ) -> Any: ...


class NoJournal(RuntimeError):
    """An act of record was about to go unrecorded."""


_writer: ActWriter | None = None


def write_acts_with(writer: ActWriter) -> None:
    global _writer  # one journal a process
    _writer = writer


def note(*, action: str, by: Any, at: datetime, **facts: Any) -> None:
    """Write one journal row in the caller's transaction. `by=None`: the system itself.

    Further facts: obj, outcome ("done" | "refused"), code, reason, address, detail (JSON).
    Raises NoJournal.
    """
    if _writer is None:
        raise NoJournal(action)
    _writer(action=action, by=by, at=at, **facts)
