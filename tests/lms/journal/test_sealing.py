"""Writers never wait, and what is sealed is complete."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from django.db import connection, transaction

from lms.common.clock import database_now
from lms.journal.models import JournalEntry, JournalSeal
from lms.journal.sealing import seal_journal
from lms.journal.services import record
from lms.journal.tasks import add_coming_months, seal_new_rows
from lms.journal.verification import verify_journal
from tests import world


def written(reason: str = "") -> JournalEntry:
    return record(action="video.retry", by=None, at=database_now(), reason=reason)


@pytest.mark.django_db
def test_each_seal_is_chained_to_the_one_before_and_nothing_new_makes_no_seal():
    written()
    written()
    assert seal_journal(at=world.NOON) == 1
    assert seal_journal(at=world.NOON) == 0
    written()
    assert seal_journal(at=world.NOON) == 1

    first, second = JournalSeal.objects.order_by("number")
    assert (first.number, first.rows, bytes(first.previous_hash)) == (1, 2, b"\x00" * 32)
    assert (second.number, second.rows, second.previous_hash) == (2, 1, first.hash)


def test_a_batch_is_sealed_only_when_its_last_writer_has_ended(transactional_db):
    """A long act neither loses its row nor holds up anybody else's."""
    has_written, may_end = Event(), Event()

    def long_act() -> None:
        with transaction.atomic():
            written("long")
            has_written.set()
            assert may_end.wait(30)
        connection.close()

    with ThreadPoolExecutor(1) as pool:
        act = pool.submit(long_act)
        assert has_written.wait(30)
        written("short")
        assert seal_journal(at=database_now()) == 0
        written("after the batch was closed")
        may_end.set()
        act.result()

    assert seal_journal(at=database_now()) == 2
    assert list(JournalSeal.objects.order_by("number").values_list("rows", flat=True)) == [2, 1]
    assert verify_journal().broken == []


def test_a_rolled_back_act_leaves_no_row_and_no_gap(transactional_db):
    with transaction.atomic():
        written("taken back")
        transaction.set_rollback(True)
    written()

    seal_journal(at=database_now())

    assert (verify_journal().rows, verify_journal().broken) == (1, [])


def test_sixteen_writers_beside_a_sealer_lose_nothing(transactional_db):
    writers, each = 16, 20
    start, is_done = Barrier(writers + 1), Event()

    def write(number: int) -> None:
        start.wait(30)
        for turn in range(each):
            with transaction.atomic():
                written(f"{number}/{turn}")
        connection.close()

    def seal() -> None:
        start.wait(30)
        while not is_done.is_set():
            seal_journal(at=database_now())
        connection.close()

    with ThreadPoolExecutor(writers + 1) as pool:
        sealer = pool.submit(seal)
        list(pool.map(write, range(writers)))
        is_done.set()
        sealer.result()
    seal_journal(at=database_now())

    found = verify_journal()
    assert (found.rows, found.unsealed, found.broken) == (writers * each, 0, [])
    assert found.seals > 1


def test_two_sealers_at_once_seal_nothing_twice(transactional_db):
    for _number in range(5):
        written()
        start = Barrier(2)

        def seal(at_once: Barrier = start) -> int:
            at_once.wait(30)
            try:
                return seal_journal(at=database_now())
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            sealed = [pool.submit(seal) for _sealer in range(2)]
            [each.result() for each in sealed]
    seal_journal(at=database_now())

    assert (verify_journal().seals, verify_journal().broken) == (5, [])


@pytest.mark.django_db
def test_the_tasks_seal_and_make_months_and_may_run_twice():
    written()

    assert (seal_new_rows(), seal_new_rows()) == (1, 0)
    add_coming_months()
    assert add_coming_months() == 0
