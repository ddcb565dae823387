import csv
import json
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256

import bagit
import pgtrigger
import pytest
from django.db import IntegrityError, transaction

from lms.archive import bag, services
from lms.archive.models import ArchivedEntry, ArchivePackage
from lms.archive.services import (
    PackageBusy,
    PackageNotSealed,
    SealTakenOver,
    StorageFailed,
    note_download,
    packages_to_resume,
    request_package,
    seal_package,
    verify_package,
)
from lms.archive.verification import verify_bag
from lms.archive.writers.ledger import LedgerBroken
from lms.credits.models import LedgerEntry
from lms.credits.services import reverse_entry
from lms.journal.models import JournalEntry
from tests.world import NOON, county, entry, holder, learner, town

pytestmark = pytest.mark.django_db


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def online(person, hours, day=date(2026, 10, 16), **facts):
    return entry(person, hours, bucket="online", grade="timed", happened_on=day, **facts)


def test_an_independent_tool_validates_the_package_and_finds_the_row(seal):
    person = learner()
    entry(person, "7.5")

    package, folder = seal()

    assert bagit.Bag(str(folder)).validate(processes=1)
    row = rows_of(folder / "data/a11/a11.csv")[0]
    assert row["人员编号"] == person.staff_number
    assert (row["A1131"], row["A1108"]) == ("乡镇（街道）基层治理能力提升专题班", "7.5")
    assert (row["A1107"], row["A1111"], row["A1151"]) == ("20261016", "20261016", "0")
    assert (package.state, package.entries, package.hours) == ("sealed", 1, Decimal("7.5"))
    assert verify_bag(folder) == []


def test_online_hours_of_a_year_are_summed_before_they_are_rounded(seal):
    person = learner()
    for hours in ("10", "10", "10", "8.25", "0.25", "0.25"):
        online(person, hours)

    _package, folder = seal()

    row = rows_of(folder / "data/a11/a11.csv")[0]
    assert (row["A1131"], row["A1108"]) == ("2026年度干部网络学习", "38.8")
    report = rows_of(folder / "data/a11/rounding.csv")[0]
    assert (report["精确学时"], report["A1108"], report["差额"]) == ("38.75", "38.8", "0.05")


def test_a_second_package_holds_only_what_is_new(seal):
    person = learner()
    entry(person)
    first, _folder = seal()
    later = NOON + timedelta(days=1)
    new = entry(person, "2", at=later)

    second, folder = seal(at=later)
    third, _ = seal(at=later + timedelta(hours=1))

    assert (first.entries, second.entries, third.entries) == (1, 1, 0)
    assert third.state == "empty"
    assert [member.entry for member in second.members.all()] == [new]
    assert second.number == first.number + 1
    assert verify_bag(folder) == []


def test_entries_posted_after_the_day_wait_for_the_next_package(seal):
    person = learner()
    entry(person)
    entry(person, at=NOON + timedelta(days=3))

    package, _folder = seal()

    assert package.entries == 1


def test_entries_of_another_county_stay_out(seal):
    from_elsewhere = town("城北街道", "331124999")
    entry(learner())
    entry(learner(unit=from_elsewhere))

    package, _folder = seal(unit=from_elsewhere)

    assert package.entries == 1


def test_a_reversal_nets_out_with_what_it_reverses(seal):
    person = learner()
    wrong = online(person, "2")
    online(person, "3")
    reverse_entry(entry=wrong, reason="重复", by=holder("unit_admin"), at=NOON)

    _package, folder = seal()

    [row] = rows_of(folder / "data/a11/a11.csv")
    assert row["A1108"] == "3.0"
    assert rows_of(folder / "data/a11/rounding.csv")[0]["笔数"] == "3"


def test_a_package_of_pure_corrections_keeps_the_minus_where_it_can_be_seen(seal):
    person = learner()
    wrong = entry(person, "7.5")
    seal()
    later = NOON + timedelta(days=1)
    reverse_entry(entry=wrong, reason="未到场", by=holder("unit_admin"), at=later)

    package, folder = seal(at=later)

    assert package.hours == Decimal("-7.5")
    assert rows_of(folder / "data/a11/a11.csv") == []
    [correction] = rows_of(folder / "data/a11/corrections.csv")
    assert (correction["A1131"], correction["核减学时"]) == (wrong.title, "7.50")
    assert verify_bag(folder) == []


def test_each_ledger_line_is_what_the_ledger_digested(seal):
    person = learner()
    first = entry(person, evidence={"甲": [1.5, None, '引号"和\t制表'], "watched": [[0, 600]]})
    second = entry(person, title="带\\反斜杠\n换行")

    _package, folder = seal()

    lines = (folder / "data/ledger/entries.jsonl").read_bytes().splitlines()
    for posted, line in zip([first, second], lines, strict=True):
        record = line.partition(b'"record":')[2][:-1]
        assert sha256(record).digest() == bytes(posted.hash)
        assert json.loads(line)["record"][5] == posted.title
    head = json.loads((folder / "data/ledger/heads.jsonl").read_text())
    assert (head["last_sequence"], head["last_hash"]) == (2, bytes(second.hash).hex())


def test_a_portfolio_shows_the_masked_number_only(seal):
    person = learner()
    person.id_number = "330102199001011234"
    person.save()
    entry(person)

    _package, folder = seal()

    [path] = (folder / "data/portfolio").rglob("*.json")
    portfolio = json.loads(path.read_bytes())
    assert portfolio["学员信息"]["身份证号"] == "330***********1234"
    assert portfolio["培训记录"][0]["A1108"] == "1.0"
    whole = b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())
    assert b"330102199001011234" not in whole


def test_the_database_refuses_an_entry_in_two_packages(seal):
    posted = entry(learner())
    package, _folder = seal()

    with pytest.raises(IntegrityError), transaction.atomic():
        ArchivedEntry.objects.create(entry=posted, package=package)


def test_asking_twice_gives_one_package():
    first = request_package(unit=county(), until=NOON.date(), by=None, at=NOON)
    again = request_package(unit=county(), until=NOON.date(), by=None, at=NOON)

    assert first == again
    assert JournalEntry.objects.filter(action="archive.package_requested").count() == 1


def test_a_package_being_sealed_is_refused_to_a_second_process():
    package = request_package(unit=county(), until=NOON.date(), by=None, at=NOON)
    ArchivePackage.objects.update(state="sealing", lease_until=NOON + timedelta(seconds=5))

    with pytest.raises(PackageBusy):
        seal_package(package=package, at=NOON)


def test_who_lost_the_lease_writes_nothing_more(seal, archive_folder):
    entry(learner())
    package = request_package(unit=county(), until=NOON.date(), by=None, at=NOON)

    def lose_it(done, total):
        ArchivePackage.objects.update(attempts=7)

    with pytest.raises(SealTakenOver):
        seal_package(package=package, at=NOON, on_progress=lose_it)

    package.refresh_from_db()
    assert (package.state, package.attempts) == ("sealing", 7)
    assert list(archive_folder.iterdir()) == []


def test_a_full_disk_is_told_and_the_package_can_be_sealed_again(monkeypatch, seal, archive_folder):
    entry(learner())
    package = request_package(unit=county(), until=NOON.date(), by=None, at=NOON)

    def no_space(folder):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(bag, "sync", no_space)
        with pytest.raises(StorageFailed):
            seal_package(package=package, at=NOON)

    package.refresh_from_db()
    assert (package.state, package.failure_code) == ("failed", "storage_failed")
    assert "磁盘" in package.failure_sentence
    assert list(archive_folder.iterdir()) == []
    again, folder = seal()
    assert (again.pk, again.state, again.entries) == (package.pk, "sealed", 1)
    assert verify_bag(folder) == []


def test_an_entry_that_lost_its_hash_is_not_sealed():
    posted = entry(learner())
    with pgtrigger.ignore("credits.LedgerEntry:ledger_append_only"):
        LedgerEntry.objects.filter(pk=posted.pk).update(hours=9)
    package = request_package(unit=county(), until=NOON.date(), by=None, at=NOON)

    with pytest.raises(LedgerBroken, match="第 1 笔"):
        seal_package(package=package, at=NOON)

    package.refresh_from_db()
    assert package.failure_code == "ledger_broken"


def test_a_folder_left_complete_by_a_process_that_died_is_taken_over(seal):
    entry(learner())
    package, folder = seal()
    before = package.digest
    ArchivePackage.objects.update(state="sealing", lease_until=NOON, path="", digest="")

    again = seal_package(package=package, at=NOON + timedelta(minutes=1))

    assert (again.state, again.digest, again.entries) == ("sealed", before, 1)
    assert verify_bag(folder) == []


def test_sealing_again_from_the_same_members_gives_the_same_bytes(seal):
    entry(learner(), title="=1+1")
    package, folder = seal()
    before = package.digest
    folder.rename(folder.with_name("aside"))
    ArchivePackage.objects.update(state="sealing", lease_until=NOON)

    again = seal_package(package=package, at=NOON + timedelta(minutes=1))

    assert again.digest == before


def test_a_sealed_package_is_not_sealed_again(seal):
    entry(learner())
    package, _folder = seal()

    again = seal_package(package=package, at=NOON)

    assert again.attempts == 1


def test_the_sweep_finds_lost_wake_ups_and_dead_processes_and_gives_up_after_five():
    package = request_package(unit=county(), until=NOON.date(), by=None, at=NOON)
    soon, later = NOON + timedelta(seconds=1), NOON + timedelta(minutes=2)

    assert packages_to_resume(at=soon) == []
    assert packages_to_resume(at=later) == [package.pk]
    ArchivePackage.objects.update(state="sealing", lease_until=NOON, attempts=5)
    assert packages_to_resume(at=later) == []
    package.refresh_from_db()
    assert (package.state, package.failure_code) == ("failed", "seal_interrupted")


def test_a_check_finds_a_package_swapped_for_another(seal):
    entry(learner())
    package, _folder = seal()
    whole = verify_package(package=package, by=None, at=NOON)
    ArchivePackage.objects.update(digest="0" * 64)
    package.refresh_from_db()

    swapped = verify_package(package=package, by=None, at=NOON)

    assert whole.is_whole
    assert swapped.problems[0]["code"] == "another_package"


def test_a_package_still_queued_cannot_be_downloaded_or_checked():
    package = request_package(unit=county(), until=NOON.date(), by=None, at=NOON)

    with pytest.raises(PackageNotSealed):
        note_download(package=package, by=holder("archivist"), at=NOON)
    with pytest.raises(PackageNotSealed):
        verify_package(package=package, by=None, at=NOON)


def test_progress_reaches_every_entry_and_is_kept_with_the_package(monkeypatch):
    monkeypatch.setattr("lms.archive.selectors.CHUNK_ENTRIES", 2)
    for _ in range(3):
        person = learner()
        entry(person)
        entry(person)
    package = request_package(unit=county(), until=NOON.date(), by=None, at=NOON)
    seen = []

    def note(done, total):
        seen.append((done, total, ArchivePackage.objects.get().progress))

    seal_package(package=package, at=NOON, on_progress=note)

    assert seen == [(2, 6, 32), (4, 6, 65), (6, 6, 98)]
    assert ArchivedEntry.objects.count() == LedgerEntry.objects.count()
    assert services.ArchivePackage.objects.get().progress == 100
