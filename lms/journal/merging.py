"""The journal says which account did what, for ever."""

from lms.people.merging import rows_stay


def register() -> None:
    rows_stay("journal.JournalEntry", reason="日志只增不改，谁做的就记谁")
