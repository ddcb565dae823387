"""No refusal of another unit's object passes the journal by."""

import ast
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from lms.common.clock import database_now
from lms.journal.models import JournalEntry
from lms.journal.services import record
from lms.people.corrections import ask_correction
from lms.people.roles import Permission, Role
from lms.people.services import add_unit
from tests import world
from tests.architecture.test_route_role_matrix import GONE, seal

ROOT = Path(settings.BASE_DIR)
FOLDERS = ("lms", "courses", "media")
# File → why it may look an object up without `visible_or_404`.
WITHOUT_NOTE = {"media/staff/pages.py": "captions of a video that `video_or_404` has let through"}


def users_of(name: str) -> set[str]:
    found = set()
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*.py"):
            names = {
                getattr(n, "id", None) or getattr(n, "attr", None)
                for n in ast.walk(ast.parse(path.read_text("utf-8")))
            }
            if name in names:
                found.add(str(path.relative_to(ROOT)))
    return found


def test_objects_are_looked_up_so_that_a_refusal_is_noted():
    assert users_of("get_object_or_404") == set(WITHOUT_NOTE)


@pytest.fixture
def foreign(db, settings, tmp_path):
    """Addresses of another county's objects, by route, each with who may use the route at home."""
    settings.MEDIA_ROOT = tmp_path
    city = world.county().parent
    person = world.learner(unit=add_unit(code="331122", name="缙云县", level="county", parent=city))
    world.entry(person)
    asked = ask_correction(about="other", wrong="错", wished="对", by=person, at=world.NOON)
    package = seal(person.postings.get().unit)
    row = record(action="video.retry", by=person, at=database_now())
    return {
        "archive:package": (package, Role.ARCHIVIST, "get"),
        "archive:progress": (package, Role.ARCHIVIST, "get"),
        "archive:download": (package, Role.ARCHIVIST, "get"),
        "archive:retry": (package, Role.ARCHIVIST, "post"),
        "archive:verify": (package, Role.ARCHIVIST, "post"),
        "journal:row": (row, Role.AUDITOR, "get"),
        "people:correction-answer": (asked, Role.UNIT_ADMIN, "post"),
        "people:reveal-id": (person, Role.UNIT_ADMIN, "post"),
    }


def test_every_request_for_a_foreign_object_answers_404_and_is_one_row(foreign):
    for name, (obj, role, method) in foreign.items():
        client, by = Client(), world.holder(role)
        client.force_login(by)
        form = {"state": "kept", "answer": "不改的", "reason": "核对任职文件"}

        answer = getattr(client, method)(
            reverse(name, args=[getattr(obj, "staff_number", obj.pk)]), form
        )

        assert answer.status_code == GONE, name
        row = JournalEntry.objects.get(actor=by)
        assert (row.action, row.outcome) == ("access.object_refused", "refused"), name
        assert (row.object_type, row.object_id) == (obj._meta.label, str(obj.pk)), name


def test_every_permission_is_refused_with_a_row(db, rf):
    """`requires` notes whatever it refuses; the walk over all routes is the route matrix."""
    person = world.learner()
    client = Client()
    client.force_login(person)

    for address in ("/archive/", "/journal/", "/people/corrections/"):
        assert client.get(address).status_code == GONE

    rows = JournalEntry.objects.filter(action="access.page_refused", actor=person)
    assert {row.detail["permission"] for row in rows} == {
        Permission.SEAL_PACKAGES, Permission.READ_JOURNAL, Permission.READ_PEOPLE,
    }  # fmt: skip
