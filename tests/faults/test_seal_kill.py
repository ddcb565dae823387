"""kill -9 in the middle of sealing ends in one whole package that holds each entry once."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import bagit
import pytest

from config.runtime.places import BASE_DIR
from lms.archive.models import ArchivedEntry, ArchivePackage
from lms.archive.selectors import unit_of_whole_ledger
from lms.archive.services import packages_to_resume, request_package, seal_package
from lms.archive.verification import verify_bag
from lms.common.clock import database_now, local_date
from lms.credits.models import LedgerEntry
from tests import pristine
from tests.world import entry, learner

# A process that seals in stretches of one person and stops, where the test kills it, at `stage`.
SEALER = """
import sys, time
import django
django.setup()
from django.conf import settings
settings.MEDIA_ROOT = sys.argv[1]
from lms.archive import bag, selectors, services
from lms.archive.models import ArchivePackage
from lms.common.clock import database_now

def wait_to_be_killed(*arguments):
    print("here", flush=True)
    time.sleep(60)

selectors.CHUNK_ENTRIES = 1
stage = sys.argv[2]
if stage == "members":
    services._build = wait_to_be_killed
elif stage == "named":
    services._finish = wait_to_be_killed
elif stage == "flushing":
    bag.sync = wait_to_be_killed
def advance(done, total):
    if stage == "writing" and done * 2 >= total:
        wait_to_be_killed()
services.seal_package(package=ArchivePackage.objects.get(), at=database_now(), on_progress=advance)
"""


@pytest.mark.parametrize("stage", ["members", "writing", "flushing", "named"])
def test_a_seal_killed_in_the_middle_ends_in_one_whole_package(
    transactional_db, settings, tmp_path, stage
):
    settings.MEDIA_ROOT = tmp_path
    for _ in range(4):
        entry(learner(), at=database_now())
    at = database_now()
    request_package(unit=unit_of_whole_ledger(), until=local_date(at), by=None, at=at)

    kill_while_sealing(tmp_path, stage)

    dead = ArchivePackage.objects.get()
    assert dead.state == "sealing"
    later = dead.lease_until + timedelta(seconds=1)
    assert packages_to_resume(at=database_now()) == []
    assert packages_to_resume(at=later) == [dead.pk]
    package = seal_package(package=dead, at=later)
    folders = [path.name for path in (tmp_path / "archive").iterdir()]
    assert folders == [package.path]
    assert (package.state, package.number, package.entries) == ("sealed", 1, 4)
    assert ArchivedEntry.objects.count() == LedgerEntry.objects.count() == 4
    assert verify_bag(tmp_path / "archive" / package.path) == []
    assert bagit.Bag(str(tmp_path / "archive" / package.path)).validate(processes=1)


def kill_while_sealing(folder: Path, stage: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", SEALER, str(folder), stage],
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
