"""The journal: its rows, the seals over them, and the triggers every table of record shares."""

from lms.journal.models.entry import JournalEntry
from lms.journal.models.seal import JournalSeal
from lms.journal.models.triggers import append_only, no_truncate

__all__ = ["JournalEntry", "JournalSeal", "append_only", "no_truncate"]
