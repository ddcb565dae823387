"""What watching machines ask: alive, ready, figures."""

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.test import Client

from lms.common.cache import ForgivingRedisCache
from tests import world

pytestmark = pytest.mark.django_db


def test_a_process_that_answers_is_alive():
    answer = Client().get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_a_migrated_site_is_ready():
    answer = Client().get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "database": "ok", "cache": "ok"}


def test_answers_about_health_are_kept_by_nobody():
    assert "no-store" in Client().get("/readyz")["Cache-Control"]


def test_a_database_that_does_not_answer_makes_the_site_not_ready(monkeypatch):
    def unreachable(*_arguments, **_options):
        raise DatabaseError

    monkeypatch.setattr("django.db.migrations.executor.MigrationExecutor.__init__", unreachable)

    answer = Client().get("/readyz")

    assert (answer.status_code, answer.json()["database"]) == (503, "unreachable")


def test_a_migration_not_applied_makes_the_site_not_ready():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'portal'")

    answer = Client().get("/readyz")

    assert (answer.status_code, answer.json()["database"]) == (503, "not migrated")


def test_without_a_cache_the_site_stays_ready(monkeypatch):
    nowhere = ForgivingRedisCache("redis://127.0.0.1:1/0", {})
    monkeypatch.setattr("lms.portal.views.health.cache", nowhere)

    answer = Client().get("/readyz")

    assert answer.status_code == 200
    assert answer.json()["cache"] == "unreachable"


def test_figures_are_for_the_private_network_only():
    inside = Client().get("/metrics", REMOTE_ADDR="10.1.2.3")
    outside = Client().get("/metrics", REMOTE_ADDR="8.8.8.8")

    assert inside.status_code == 200
    assert b"django_" in inside.content or b"python_info" in inside.content
    assert outside.status_code == 404


def test_health_answers_hold_no_personal_data():
    person = world.learner(name="慕容健康")
    client = Client()
    client.force_login(person)
    cache.set("x", person.name)

    told = [
        address
        for address in ("/healthz", "/readyz", "/metrics")
        if person.name in client.get(address).content.decode()
        or person.staff_number in client.get(address).content.decode()
    ]

    assert told == []


@pytest.mark.parametrize("address", ["/healthz", "/readyz", "/metrics"])
def test_health_is_only_read(address):
    assert Client().post(address).status_code == 405


@pytest.mark.parametrize("address", ["", "unix:", "8.8.8.8"])
def test_figures_are_not_told_to_an_address_that_is_not_private(address):
    assert Client(REMOTE_ADDR=address).get("/metrics").status_code == 404
