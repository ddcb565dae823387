"""Nobody stands outside role grants: not in the database, not in the code, not by hand."""

import pytest
from django.core.checks import run_checks
from django.db import IntegrityError, connection, transaction

from lms.people.models import Person
from lms.people.models.person import PersonManager
from tests import world

pytestmark = pytest.mark.django_db


def test_the_database_refuses_a_superuser():
    person = world.learner()

    with pytest.raises(IntegrityError, match="nobody_is_superuser"), transaction.atomic():
        Person.objects.filter(pk=person.pk).update(is_superuser=True)


def test_the_check_is_silent_as_things_are():
    assert [error for error in run_checks() if error.id.startswith("people.")] == []


def test_the_check_speaks_when_the_constraint_goes(monkeypatch):
    monkeypatch.setattr(Person._meta, "constraints", [])

    assert [error.id for error in run_checks() if error.id.startswith("people.")] == ["people.E001"]


def test_the_check_speaks_when_something_makes_superusers(monkeypatch):
    monkeypatch.setattr(PersonManager, "create_superuser", lambda: None, raising=False)

    assert [error.id for error in run_checks() if error.id.startswith("people.")] == ["people.E002"]


def test_the_constraint_stands_in_the_database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint WHERE conname = 'nobody_is_superuser'")
        assert cursor.fetchall() == [("nobody_is_superuser",)]
