"""kill -9 in the middle of an import ends in one whole import: every row, and each of them once."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from config.runtime.places import BASE_DIR
from lms.common.clock import database_now
from lms.people.models import Person, Posting, RosterImport
from lms.people.roles import Role
from lms.people.roster import acting, jobs
from tests import pristine, world

# A worker that stops, where the test kills it, at `stage`.
WORKER = """
import sys, time
import django
django.setup()
from django.conf import settings
settings.MEDIA_ROOT = sys.argv[1]
from lms.people.models import RosterImport
from lms.people.roster import jobs, writing

def wait_to_be_killed(*arguments, **facts):
    print("here", flush=True)
    time.sleep(60)

stage = sys.argv[2]
if stage == "staged":
    jobs._finish = wait_to_be_killed
elif stage == "persons_written":
    insert = writing._insert
    writing._insert = lambda cursor, statement, model, **facts: (
        wait_to_be_killed() if model.__name__ == "Posting" else insert(cursor, statement, model, **facts)
    )
elif stage == "written":
    jobs.note_import = wait_to_be_killed
jobs.run_import(roster_id=RosterImport.objects.get().pk)
"""


@pytest.mark.parametrize("stage", ["staged", "persons_written", "written"])
def test_an_import_killed_in_the_middle_is_written_whole_by_the_next_worker(
    transactional_db, settings, tmp_path, stage
):
    settings.MEDIA_ROOT = tmp_path
    roster = confirmed_roster()
    people = Person.objects.count()

    kill_while_importing(str(tmp_path), stage)

    roster.refresh_from_db()
    assert roster.state == "writing"
    assert Person.objects.count() == people
    assert jobs.rosters_to_resume(at=database_now()) == []
    later = roster.lease_until + timedelta(seconds=1)
    assert jobs.rosters_to_resume(at=later) == [roster.pk]
    assert jobs.run_import(roster_id=roster.pk)
    roster.refresh_from_db()
    assert (roster.state, roster.created) == ("done", 300)
    assert Person.objects.count() == people + 300
    assert Posting.objects.filter(person__staff_number__startswith="R").count() == 300


def confirmed_roster() -> RosterImport:
    town = world.town()
    admin = world.holder(Role.UNIT_ADMIN, unit=town)
    rows = "".join(f"张三,R{number:05},{town.code}\n" for number in range(300))
    file = SimpleUploadedFile("a.csv", f"姓名,编号,单位编码\n{rows}".encode())
    roster = acting.receive_roster(file=file, by=admin, at=database_now())
    acting.confirm_columns(roster=roster, columns=roster.columns, by=admin, at=database_now())
    jobs.run_import(roster_id=roster.pk)
    roster.refresh_from_db()
    acting.confirm_import(roster=roster, leave_out_foreign=False, by=admin, at=database_now())
    return roster


def kill_while_importing(folder: str, stage: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER, folder, stage],
        cwd=BASE_DIR,
        env=os.environ | {"DATABASE_URL": pristine.database_url()},
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "here\n"
        time.sleep(0.1)
        process.send_signal(signal.SIGKILL)
        assert process.wait(timeout=10) == -signal.SIGKILL
