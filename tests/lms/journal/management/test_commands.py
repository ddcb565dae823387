import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from lms.archive.services import request_package, seal_package
from lms.common.clock import database_now, local_date
from lms.journal.models import JournalSeal
from lms.journal.sealing import seal_journal
from lms.journal.services import record
from tests import world

pytestmark = pytest.mark.django_db


def verified(*arguments: str) -> dict:
    out = StringIO()
    call_command("verify_journal", "--json", *arguments, stdout=out)
    return json.loads(out.getvalue())


@pytest.fixture
def folder(settings, tmp_path):
    """A sealed archive package, made when one batch of the journal was sealed."""
    settings.MEDIA_ROOT = tmp_path
    world.entry(world.learner())
    seal_journal(at=database_now())
    at = database_now()
    package = request_package(unit=world.county(), until=local_date(at), by=None, at=at)
    return tmp_path / "archive" / seal_package(package=package, at=at).path


def test_a_whole_journal_says_how_many_rows_and_nothing_broken():
    record(action="video.retry", by=None, at=world.NOON)
    seal_journal(at=world.NOON)
    record(action="video.retry", by=None, at=world.NOON)

    assert verified() == {"rows": 2, "seals": 1, "unsealed": 1, "broken": []}


def test_a_changed_row_is_named_and_the_command_fails(tamper):
    row = record(action="video.retry", by=None, at=world.NOON)
    tamper("UPDATE journal_journalentry SET code = 'x'")
    out = StringIO()

    with pytest.raises(CommandError) as caught:
        call_command("verify_journal", "--json", stdout=out)

    assert caught.value.returncode == 1
    [fault] = json.loads(out.getvalue())["broken"]
    assert fault["row"] == row.pk


def test_the_head_in_an_archive_package_proves_the_end_of_the_journal(folder, tamper):
    head = json.loads((folder / "data" / "journal" / "head.json").read_text())
    seal = JournalSeal.objects.get()
    assert (head["number"], head["hash"]) == (1, bytes(seal.hash).hex())
    assert verified("--package", str(folder))["broken"] == []

    tamper(
        f"DELETE FROM journal_journalentry WHERE batch = {seal.batch};"
        "DELETE FROM journal_journalseal"
    )

    assert verified()["broken"] == []
    with pytest.raises(CommandError, match="does not verify"):
        call_command("verify_journal", "--package", str(folder), stdout=StringIO())


def test_since_takes_a_day():
    record(action="video.retry", by=None, at=world.NOON)
    seal_journal(at=world.NOON)

    assert verified("--since", "2026-11-20")["rows"] == 1
    assert verified("--since", "2026-11-21")["rows"] == 0


def test_a_folder_without_a_head_is_misuse(tmp_path):
    with pytest.raises(CommandError) as caught:
        call_command("verify_journal", "--package", str(tmp_path))

    assert caught.value.returncode == 2
