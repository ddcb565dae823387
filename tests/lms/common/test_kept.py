import pytest
from django.core.cache import cache

from lms.common import kept
from lms.common.kept import Kept


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(kept, "monotonic", clock)
    return clock


def counting() -> Kept[list[int]]:
    """Each reading gives a list of its own."""
    return Kept("kept-of-a-test", list)


def test_a_second_look_reads_nothing(clock):
    things = counting()

    assert things() is things()


def test_a_change_in_another_process_is_seen_half_a_second_later(clock):
    here, there = counting(), counting()
    first = here()

    there.forget()

    assert here() is first
    clock.now += kept.CHECK_SECONDS
    assert here() is not first


def test_without_a_change_it_is_read_anew_after_half_a_minute(clock):
    things = counting()
    first = things()

    clock.now += kept.KEPT_SECONDS - 1
    assert things() is first
    clock.now += 2
    assert things() is not first


def test_an_emptied_cache_brings_no_old_copy_back(clock):
    things = counting()
    things.forget()
    first = things()

    cache.clear()
    clock.now += 1

    assert things() is not first
