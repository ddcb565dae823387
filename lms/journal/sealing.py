"""Sealing: rows are chained in batches after they were written, so writers never wait (ADR 0017).

A batch is closed by counting its number up; rows after that go to the next one. It is sealed when
the last transaction that wrote into it has ended.
"""

from collections.abc import Iterator
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Min

from lms.journal.models import JournalEntry, JournalSeal
from lms.journal.rules import ZERO_HASH, seal_digest

LOCK = 1246907980  # as journal_open_batch(): "JRNL"
SEALER = 0  # no batch has this number; batches begin with 1
CHUNK_ROWS = 5000


def seal_journal(*, at: datetime) -> int:
    """Close the open batch and seal every batch nobody writes into any more, in order.

    Returns how many seals were set. A batch still written into is left for the next time; a second
    sealer at the same moment does nothing.
    """
    _close_batch()
    count = 0
    while _seal_next(at):
        count += 1
    return count


def _close_batch() -> None:
    """Count the batch up where the open one has rows; an empty one stays open."""
    with transaction.atomic(), connection.cursor() as cursor:
        if _lock(SEALER) and JournalEntry.objects.filter(batch=_open_batch()).exists():
            cursor.execute("SELECT nextval('journal_batch_number')")


@transaction.atomic
def _seal_next(at: datetime) -> bool:
    if not _lock(SEALER):
        return False
    last = JournalSeal.objects.order_by("-number").first()
    for batch in range(_first_unsealed(last), _open_batch()):
        if not _lock(batch):
            return False
        # A new statement: it sees what the writers that held the lock have committed.
        previous, number = (bytes(last.hash), last.number + 1) if last else (ZERO_HASH, 1)
        digest, rows = seal_digest(
            previous=previous, number=number, batch=batch, rows=_rows_of(batch)
        )
        if rows:
            JournalSeal.objects.create(
                number=number, batch=batch, rows=rows, previous_hash=previous, hash=digest,
                sealed_at=at,
            )  # fmt: skip
            return True
    return False


def _first_unsealed(last: JournalSeal | None) -> int:
    if last is not None:
        return last.batch + 1
    return JournalEntry.objects.aggregate(first=Min("batch"))["first"] or _open_batch()


def _rows_of(batch: int) -> Iterator[tuple[int, bytes]]:
    rows = JournalEntry.objects.filter(batch=batch).order_by("id").values_list("id", "digest")
    return ((row_id, bytes(digest)) for row_id, digest in rows.iterator(chunk_size=CHUNK_ROWS))


def _open_batch() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM journal_batch_number")
        return int(cursor.fetchone()[0])


def _lock(number: int) -> bool:
    """Until the transaction ends, nobody else holds it; False where somebody does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK, number % 2147483647])
        return bool(cursor.fetchone()[0])
