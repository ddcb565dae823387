"""Guessing becomes slow for whoever guesses, and for nobody else."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from lms.journal.models import JournalEntry
from lms.people.models import SignInFailures
from lms.people.throttle import (
    TooManyFailures,
    account_key,
    address_key,
    begin_attempt,
    unlock_account,
)
from tests import world

LOGIN = "/accounts/login/"
ADDRESS = "10.9.8.7"


def attempt(client: Client, typed: str, password: str) -> str:
    """What the page says; empty when it let the person in."""
    page = client.post(LOGIN, {"login": typed, "password": password})
    return "" if page.status_code == 302 else " ".join(page.context["form"].non_field_errors())


def fail(times: int, typed: str, client: Client | None = None) -> list[str]:
    client = client or Client(REMOTE_ADDR=ADDRESS)
    return [attempt(client, typed, "wrong") for _ in range(times)]


@pytest.fixture
def person(db):
    return world.learner(password=world.PASSWORD)


def test_an_account_waits_after_five_failures_and_says_how_long(person):
    said = fail(6, person.staff_number)

    assert "还能试 4 次" in said[0]
    assert "还能试 1 次" in said[3]
    assert "请过 1 分钟再试" in said[4]
    assert "请过 1 分钟再试" in said[5]
    assert attempt(Client(), person.staff_number, world.PASSWORD) == said[5]  # elsewhere too


def test_an_account_nobody_has_waits_in_the_same_words(person):
    assert fail(6, "nobody") == fail(6, person.staff_number)


def test_number_phone_and_mail_are_one_account(person):
    person.phone, person.email = "13857804321", "wu@example.gov.cn"
    person.save()

    said = [*fail(2, person.staff_number), *fail(2, "138 5780 4321"), *fail(1, person.email)]

    assert "请过 1 分钟再试" in said[-1]


def test_each_failure_after_the_wait_waits_longer(person):
    at, key, waits = world.NOON, account_key(person, ""), []
    for _ in range(12):
        begin_attempt(key=key, address=ADDRESS, is_known=False, at=at)
        until = SignInFailures.objects.get(key=key).locked_until
        if until is not None:
            waits.append((until - at).total_seconds())
            with pytest.raises(TooManyFailures) as refusal:
                begin_attempt(
                    key=key, address=ADDRESS, is_known=False, at=until - timedelta(seconds=1)
                )
            assert refusal.value.code == "too_many_failures"
            assert "1 秒" in refusal.value.sentence
            at = until

    assert waits == [60, 300, 900, 1800, 3600, 3600, 3600, 3600]


def test_a_success_forgets_the_failures_before_it(person):
    client = Client(REMOTE_ADDR=ADDRESS)
    fail(4, person.staff_number, client)

    assert attempt(client, person.staff_number, world.PASSWORD) == ""
    assert "还能试 4 次" in fail(1, person.staff_number)[0]


def test_an_attacker_cannot_lock_the_person_out_of_their_own_computer(person):
    desk = Client(REMOTE_ADDR="10.1.1.1")
    assert attempt(desk, person.staff_number, world.PASSWORD) == ""
    desk.post("/accounts/logout/")

    fail(6, person.staff_number)

    assert attempt(desk, person.staff_number, world.PASSWORD) == ""


def test_a_known_computer_is_no_way_to_guess_without_end(person):
    desk = Client(REMOTE_ADDR="10.1.1.1")
    attempt(desk, person.staff_number, world.PASSWORD)
    desk.post("/accounts/logout/")

    said = fail(6, person.staff_number, desk)

    assert "请过 1 分钟再试" in said[-1]


def test_a_forged_cookie_makes_no_computer_known(person):
    fail(5, person.staff_number)
    forger = Client(REMOTE_ADDR=ADDRESS)
    forger.cookies["qj_device"] = f'{{"{person.pk}": "x"}}:1:forged'

    assert "请过 1 分钟再试" in attempt(forger, person.staff_number, world.PASSWORD)


def test_a_whole_office_behind_one_address_is_not_locked_out(person):
    """One colleague's account waits; the others, and a hundred mistyped passwords, do not matter."""
    fail(6, person.staff_number)
    for number in range(100):
        fail(1, f"colleague {number}")
    colleague = world.learner(password=world.PASSWORD)

    assert attempt(Client(REMOTE_ADDR=ADDRESS), colleague.staff_number, world.PASSWORD) == ""


def test_an_address_that_only_fails_waits_at_last_and_its_known_computers_do_not(person, settings):
    settings.QIANGJI = {**settings.QIANGJI, "ADDRESS_FAILURES": 8}
    desk = Client(REMOTE_ADDR=ADDRESS)
    attempt(desk, person.staff_number, world.PASSWORD)
    desk.post("/accounts/logout/")
    stranger = world.learner(password=world.PASSWORD)
    for number in range(8):
        fail(1, f"guess {number}")

    refused = attempt(Client(REMOTE_ADDR=ADDRESS), stranger.staff_number, world.PASSWORD)

    assert "这个网络地址输错的次数太多" in refused
    assert attempt(Client(REMOTE_ADDR="10.9.8.6"), stranger.staff_number, world.PASSWORD) == ""
    assert attempt(desk, person.staff_number, world.PASSWORD) == ""


def test_an_address_counts_failures_only(person, settings):
    settings.QIANGJI = {**settings.QIANGJI, "ADDRESS_FAILURES": 3}

    for _ in range(6):
        assert attempt(Client(REMOTE_ADDR=ADDRESS), person.staff_number, world.PASSWORD) == ""

    assert SignInFailures.objects.get(key=address_key(ADDRESS)).failures == 0


def test_emptying_the_cache_forgives_nobody(person):
    fail(5, person.staff_number)
    cache.clear()

    assert "请过 1 分钟再试" in attempt(Client(), person.staff_number, world.PASSWORD)


def test_a_security_administrator_ends_the_wait_and_it_is_in_the_journal(person):
    fail(5, person.staff_number)
    admin = world.holder("security_admin")

    unlock_account(person=person, by=admin, at=world.NOON)

    assert attempt(Client(), person.staff_number, world.PASSWORD) == ""
    row = JournalEntry.objects.get(action="people.account_unlocked")
    assert (row.actor, row.object_id) == (admin, str(person.pk))
    assert JournalEntry.objects.filter(
        action="people.account_locked", code="account_locked"
    ).exists()


def test_ipv6_neighbours_are_one_address():
    assert address_key("2001:db8:1:2:3::4") == address_key("2001:db8:1:2::9")
    assert address_key("2001:db8:1:3::4") != address_key("2001:db8:1:2::9")
    assert address_key(None) == address_key("not an address") == "address:unknown"


@pytest.mark.django_db(transaction=True)
def test_guesses_sent_all_at_once_are_all_counted():
    """Twenty threads with a connection each: five are heard, fifteen are told to wait."""
    barrier, heard, refused = Barrier(20), [], []

    def guess() -> None:
        barrier.wait()
        try:
            heard.append(begin_attempt(key="account:1", address=None, is_known=True, at=world.NOON))
        except TooManyFailures:
            refused.append(1)
        finally:
            connection.close()

    threads = [Thread(target=guess) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(heard), len(refused)) == (5, 15)
