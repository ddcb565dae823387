"""Readers of the journal."""

from datetime import datetime
from typing import Any

from lms.journal.models import JournalSeal
from lms.journal.rules import utc_text

HEAD_FILE = "journal/head.json"


def journal_head(*, at: datetime) -> dict[str, Any]:
    """The end of the chain as it was then, to leave the house with what is handed over."""
    seal = JournalSeal.objects.filter(sealed_at__lte=at).order_by("-number").first()
    if seal is None:
        return {"number": 0, "hash": "", "sealed_at": ""}
    return {
        "number": seal.number,
        "hash": bytes(seal.hash).hex(),
        "sealed_at": utc_text(seal.sealed_at),
    }
