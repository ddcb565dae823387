"""Everything that names a person is declared, and a person takes along their own data only."""

import json

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from lms.common.clock import database_now
from lms.journal.services import record
from lms.people.held import (
    RETENTION,
    holdings,
    identity_of,
    person_keys,
    rows_of,
    undeclared,
)
from lms.people.models import Person
from lms.people.roles import Role
from tests import world

MODELS = [m for m in apps.get_models(include_auto_created=True) if not m._meta.proxy]


def test_every_reference_to_a_person_is_declared_with_columns_and_a_retention_rule():
    assert undeclared(MODELS) == [], "declare it in the app's holdings.py"
    assert all(holding.columns and RETENTION[holding.keep] for holding in holdings())


@isolate_apps("lms.people")
def test_a_model_that_names_a_person_without_a_declaration_is_caught():
    class Rumour(models.Model):
        about = models.ForeignKey(Person, models.PROTECT, related_name="+")
        teller = models.OneToOneField(Person, models.PROTECT, related_name="+")

        class Meta:
            app_label = "people"

        def __str__(self) -> str:
            return ""

    assert undeclared([Rumour]) == ["people.Rumour.about", "people.Rumour.teller"]


def test_no_declaration_is_left_over():
    names = {model._meta.label: model for model in MODELS}
    for holding in holdings():
        assert holding.model in names
        assert set(holding.keys) == person_keys(names[holding.model]), holding.model


def test_tables_without_a_reference_that_still_hold_a_person_are_declared():
    assert {"people.Person", "sessions.Session"} <= {holding.model for holding in holdings()}


def test_no_secret_is_a_column():
    sources = {c.source for h in holdings() for c in h.columns if isinstance(c.source, str)}

    assert not {s for s in sources if "password" in s or "session_key" in s or s == "id_number"}


@pytest.mark.django_db
def test_every_declaration_can_be_read_for_a_person_with_a_full_life():
    person = world.holder(Role.UNIT_ADMIN)
    package = world.package()
    world.viewing(person, package.units.get(kind="video").video, [(0, 300)])
    world.entry(person)

    read = {h.model: list(rows_of(h, identity_of(person))) for h in holdings()}

    for model in ("people.Person", "people.Posting", "people.RoleGrant", "media.ViewingSession",
                  "credits.LedgerEntry", "journal.JournalEntry"):  # fmt: skip
        assert read[model], model


@pytest.mark.django_db
def test_what_one_did_for_others_comes_without_the_others():
    me, other = world.learner(name="我"), world.learner(name="别人")
    world.entry(other, by=me)
    record(action="people.data_read", by=me, at=database_now(), obj=other, address="10.0.0.1")
    record(action="people.data_read", by=other, at=database_now(), obj=me, address="10.9.9.9")

    told = json.dumps([list(rows_of(h, identity_of(me))) for h in holdings()], ensure_ascii=False)

    assert "10.0.0.1" in told
    assert "10.9.9.9" not in told
    assert other.staff_number not in told
