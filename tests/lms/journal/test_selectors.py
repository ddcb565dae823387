"""Each condition is served by an index, also where there is nothing to find."""

import json
from datetime import timedelta

import pytest
from django.db import connection

from lms.common.clock import database_now, local_date
from lms.journal.models import JournalEntry
from lms.journal.selectors import (
    Conditions,
    entries_visible_to,
    journal_head,
    matching,
    readings_of,
)
from lms.people.held import holdings, identity_of
from lms.people.models import Unit
from lms.people.roles import Role
from lms.people.services import add_unit
from tests import world

pytestmark = pytest.mark.django_db
ROWS = 30_000
FILL = f"""
INSERT INTO journal_journalentry (at, unit_id, action, object_type, object_id, subject_id,
  actor_id, object_unit_id, outcome, code, reason, address, detail, batch, digest)
SELECT now() - interval '1 second' * n, %(unit)s, 'action.' || n %% 9, 'people.Person',
  (n %% 5000)::text, CASE WHEN n %% 5 = 0 THEN %(person)s END, CASE WHEN n = 7 THEN %(person)s END,
  NULL, CASE WHEN n %% 500 = 0 THEN 'refused' ELSE 'done' END, '', '',
  ('10.0.' || n %% 200 || '.1')::inet, '{{}}', 1, ''
FROM generate_series(1, {ROWS}) n
"""


@pytest.fixture
def filled():
    person = world.learner()
    with connection.cursor() as cursor:
        cursor.execute(FILL, {"unit": world.town().pk, "person": person.pk})
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ANALYZE journal_journalentry")
    return person


def rows_read(found) -> int:
    """How many rows the database looked at to answer a page."""
    plan = found[:51].explain(analyze=True, format="json")
    read = 0
    nodes = [plan_of(plan)]
    while nodes:
        node = nodes.pop()
        nodes += node.get("Plans", [])
        if "Scan" in node["Node Type"] and "Bitmap Index" not in node["Node Type"]:
            removed = node.get("Rows Removed by Filter", 0)
            read += (node["Actual Rows"] + removed) * node["Actual Loops"]
    return int(read)


def plan_of(text: str) -> dict:
    return json.loads(text)[0]["Plan"]


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"action": "action.3"},
        {"action": "no.such"},
        {"outcome": "refused"},
        {"object_type": "people.Person", "object_id": "77"},
        {"object_type": "people.Person", "object_id": "none"},
        {"address": "10.0.7.1"},
        {"address": "192.168.1.1"},
        {"since": timedelta(0)},
    ],
    ids=str,
)
def test_a_page_reads_little_more_than_it_shows(filled, asked):
    today = local_date(database_now())
    conditions = Conditions(**{k: today if k == "since" else v for k, v in asked.items()})
    auditor = world.holder(Role.AUDITOR)

    found = matching(entries_visible_to(person=auditor, on=today), conditions)

    assert rows_read(found) < ROWS / 30


def test_rare_people_are_found_without_walking_everybodys_rows(filled):
    namesakes = [world.learner().pk for _ in range(20)]
    auditor = world.holder(Role.AUDITOR)
    visible = entries_visible_to(person=auditor, on=local_date(database_now()))

    assert rows_read(matching(visible, Conditions(people=namesakes))) < ROWS / 30


def test_ones_own_rows_cost_what_one_has(filled):
    """My data shows the newest of what is held: by either key, and by nobody else's rows."""
    journal = next(each for each in holdings() if each.model == "journal.JournalEntry")
    stranger = world.learner()

    assert rows_read(journal.held_of(identity_of(stranger))) < ROWS / 30
    assert rows_read(readings_of(stranger)) < ROWS / 30
    assert rows_read(readings_of(filled)) < ROWS / 4


def test_an_auditor_of_a_unit_without_rows_does_not_walk_everybodys(filled):
    city = Unit.objects.get(code="3311")
    quiet = add_unit(code="331199", name="新设县", level="county", parent=city)
    auditor = world.holder(Role.AUDITOR, unit=quiet)

    found = entries_visible_to(person=auditor, on=local_date(database_now()))

    assert rows_read(found) < ROWS / 30
    assert not found.exists()


def test_an_auditor_of_the_whole_tree_needs_no_condition(filled):
    auditor = world.holder(Role.AUDITOR, unit=Unit.objects.get(code="33"))

    found = entries_visible_to(person=auditor, on=local_date(database_now()))

    assert found.count() == JournalEntry.objects.count()
    assert "WHERE" not in str(found.query)


def test_a_person_without_a_grant_sees_no_rows(filled):
    found = entries_visible_to(person=filled, on=local_date(database_now()))

    assert not found.exists()


def test_the_head_before_the_first_seal_is_empty():
    assert journal_head(at=database_now())["number"] == 0
