"""What the proof finds: each way to falsify a journal, carried out by the tables' owner."""

import pytest

from lms.common.clock import database_now
from lms.journal.models import JournalEntry, JournalSeal
from lms.journal.sealing import seal_journal
from lms.journal.selectors import journal_head
from lms.journal.services import record
from lms.journal.verification import verify_journal
from tests import world

pytestmark = pytest.mark.django_db


def sealed(count: int) -> list[int]:
    """Rows of one sealed batch."""
    ids = [
        record(
            action="video.retry", by=None, at=world.NOON, reason=f"{n}",
            detail={"n": n, "deep": {"b": [1, "二"], "a": None}},
        ).pk
        for n in range(count)
    ]  # fmt: skip
    seal_journal(at=database_now())
    return ids


def problems(**asked) -> list[dict]:
    return verify_journal(**asked).broken


def test_an_untouched_journal_verifies():
    sealed(3)
    sealed(2)
    record(action="video.retry", by=world.learner(), at=database_now(), address="::ffff:10.0.0.8")

    found = verify_journal()

    assert (found.rows, found.seals, found.unsealed, found.broken) == (6, 2, 1, [])


@pytest.mark.parametrize(
    "change",
    [
        "reason = 'x'", "at = at + interval '1 second'", "code = 'x'", "outcome = 'refused'",
        "address = '10.0.0.1'", "detail = '{}'", "object_id = '7'", "unit_id = 7", "subject_id = 7",
        "action = 'video.ready'", "object_unit_id = 7", "object_type = 'media.Video'",
    ],
)  # fmt: skip
def test_an_altered_field_is_found_at_its_row(tamper, change):
    row = sealed(3)[1]

    tamper(f"UPDATE journal_journalentry SET {change} WHERE id = {row}")

    assert problems() == [{"row": row, "problem": "digest does not match the row"}]


def test_an_altered_row_with_a_digest_to_match_is_found_by_the_seal(tamper):
    first, second, _third = sealed(3)

    tamper(
        "UPDATE journal_journalentry a SET reason = b.reason, detail = b.detail, digest = b.digest "
        f"FROM journal_journalentry b WHERE a.id = {first} AND b.id = {second}"
    )

    assert problems() == [{"seal": 1, "problem": "rows differ from what was sealed"}]


def test_rows_that_changed_places_are_found(tamper):
    first, second, _third = sealed(3)

    for old, new in ((first, 0), (second, first), (0, second)):
        tamper(f"UPDATE journal_journalentry SET id = {new} WHERE id = {old}")

    assert problems() == [{"seal": 1, "problem": "rows differ from what was sealed"}]


def test_a_removed_row_is_found(tamper):
    row = sealed(3)[1]

    tamper(f"DELETE FROM journal_journalentry WHERE id = {row}")

    assert problems() == [{"seal": 1, "problem": "3 rows sealed, 2 here"}]


def test_a_row_added_later_to_a_sealed_batch_is_found(tamper):
    sealed(2)
    late = record(action="video.retry", by=None, at=world.NOON)

    tamper(f"UPDATE journal_journalentry SET batch = 0 WHERE id = {late.pk}")

    problem = "added to a batch after it was sealed"
    assert problems() == [{"row": late.pk, "problem": problem}]


def test_a_batch_removed_with_its_seal_is_found(tamper):
    sealed(1)
    sealed(1)
    sealed(1)
    batch = JournalSeal.objects.get(number=2).batch

    tamper(
        f"DELETE FROM journal_journalentry WHERE batch = {batch};"
        "DELETE FROM journal_journalseal WHERE number = 2"
    )

    assert problems() == [{"seal": 3, "problem": "not chained to the seal before"}]


def test_rows_removed_from_under_their_seal_are_found(tamper):
    sealed(2)

    tamper("DELETE FROM journal_journalentry")

    assert problems() == [{"seal": 1, "problem": "all 2 rows missing"}]


def test_a_tail_removed_with_its_seals_is_found_by_a_head_that_left_the_house(tamper):
    sealed(1)
    sealed(1)
    head = journal_head(at=database_now())
    batch = JournalSeal.objects.get(number=2).batch

    tamper(
        f"DELETE FROM journal_journalentry WHERE batch = {batch};"
        "DELETE FROM journal_journalseal WHERE number = 2"
    )

    assert problems() == []
    assert problems(heads=[head]) == [{"seal": 2, "problem": "missing at the end"}]


def test_a_chain_written_anew_differs_from_a_head_that_left_the_house(tamper):
    sealed(1)
    head = journal_head(at=database_now())
    tamper("DELETE FROM journal_journalentry; DELETE FROM journal_journalseal")
    sealed(1)

    assert problems() == []
    assert problems(heads=[head]) == [{"seal": 1, "problem": "differs from the exported head"}]


def test_since_a_day_only_newer_rows_are_read_and_the_seals_still_all_chain(tamper):
    record(action="video.retry", by=None, at=world.NOON)
    seal_journal(at=world.NOON)
    row = sealed(2)[0]

    found = verify_journal(since=world.NOON.replace(day=21))
    assert (found.rows, found.seals, found.broken) == (2, 2, [])

    tamper(f"UPDATE journal_journalentry SET reason = 'x' WHERE id = {row}")
    assert verify_journal(since=world.NOON.replace(day=21)).broken != []


def test_the_head_is_the_one_of_that_moment():
    assert journal_head(at=world.NOON) == {"number": 0, "hash": "", "sealed_at": ""}
    record(action="video.retry", by=None, at=world.NOON)
    seal_journal(at=world.NOON)
    sealed(1)

    assert journal_head(at=world.NOON)["number"] == 1
    assert journal_head(at=database_now())["number"] == 2
    assert JournalEntry.objects.count() == 2
