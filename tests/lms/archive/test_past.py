"""A transfer, a rename, a move, a merge of units or of persons: the past is archived as it was."""

import csv
import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from courses.learning.services import settle_viewing
from lms.archive.verification import verify_bag
from lms.credits.models import LedgerEntry
from lms.credits.selectors import yearly_totals
from lms.credits.verification import verify_ledger
from lms.people.reorganising import merge_units, move_unit, rename_unit
from lms.people.services import add_unit
from lms.people.transferring import transfer
from lms.people.uniting import merge_persons, undo_merge
from media.models import ViewingSession
from tests import world

pytestmark = pytest.mark.django_db
LATER = world.NOON + timedelta(days=1)
COMPARED = ("a11/a11.csv", "a11/rounding.csv", "ledger/entries.jsonl", "ledger/heads.jsonl")


@pytest.fixture
def person():
    world.policy()
    person = world.learner()
    settle_viewing(viewing=world.viewing(person, world.video(), [(0, 600)]), at=world.NOON)
    world.entry(person, "7.5")
    world.entry(person, "3", happened_on=date(2025, 5, 1))
    return person


@pytest.fixture
def sealed(seal):
    """What a package of the city would hold now, and its portfolios; nothing of it stays."""

    def sealed_now() -> dict[str, bytes]:
        with transaction.atomic():
            _package, folder = seal(unit=world.county().parent, at=LATER)
            data = folder / "data"
            assert verify_bag(folder) == []
            held = {name: (data / name).read_bytes() for name in COMPARED}
            held |= {path.name: path.read_bytes() for path in data.glob("portfolio/*/*.json")}
            transaction.set_rollback(True)
        for path in sorted(folder.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        folder.rmdir()
        return held

    return sealed_now


def record():
    """Every stored byte of entries and viewings."""
    return [
        {k: bytes(v) if isinstance(v, memoryview) else v for k, v in row.items()}
        for model in (LedgerEntry, ViewingSession)
        for row in model.objects.order_by("pk").values()
    ]


def test_no_change_of_units_or_postings_moves_a_past_hour(person, sealed):
    admin = world.holder("system_admin")
    town, other = world.town(), world.town("玉岩镇", "331124105")
    county = add_unit(code="331123", name="遂昌县", level="county", parent=world.county().parent)
    said = {"reason": "撤乡并镇", "by": admin, "at": LATER}
    before, archived, totals = record(), sealed(), yearly_totals(person=person)
    changes = [
        lambda: transfer(
            person=person, unit=other, title="副镇长", post_level="county_level", rank="",
            from_date=date(2026, 11, 1), by=admin, at=LATER,
        ),
        lambda: rename_unit(unit=town, name="大东坝街道", **said),
        lambda: move_unit(unit=town, parent=county, **said),
        lambda: move_unit(unit=town, parent=world.county(), **said),
        lambda: merge_units(unit=town, kept=other, **said),
        lambda: merge_units(unit=other, kept=world.county(), **said),
    ]  # fmt: skip

    for change in changes:
        change()

        assert record() == before
        assert sealed() == archived
        assert yearly_totals(person=person) == totals
        assert verify_ledger().broken == []


def test_merging_persons_changes_no_entry_and_archives_them_as_one(person, sealed):
    admin, twin = world.holder("system_admin"), world.learner(name="吴晓云")
    world.entry(twin, "1.5", bucket="online", grade="timed")
    world.entry(twin, "7.5")
    before, apart = record(), sealed()

    merge = merge_persons(kept=person, merged=twin, reason="重复建档", by=admin, at=LATER)

    assert record() == before
    together = sealed()
    rows = list(csv.DictReader(together["a11/a11.csv"].decode("utf-8-sig").splitlines()))
    assert {row["人员编号"] for row in rows} == {person.staff_number}
    assert [row["A1108"] for row in rows if row["A1131"] == "2026年度干部网络学习"] == ["1.8"]
    (portfolio,) = [json.loads(v) for name, v in together.items() if name.endswith(".json")]
    assert portfolio["学员信息"]["人员编号"] == person.staff_number
    assert portfolio["本包学时"] == {"网络学习": "1.75", "集中培训": "18.00"}
    assert portfolio["台账链"]["entries"] == 3
    assert portfolio["并入账号的台账链"][twin.staff_number]["entries"] == 2
    # Each entry lies in its own chain, as it was written.
    assert sorted(together["ledger/entries.jsonl"].splitlines()) == sorted(
        apart["ledger/entries.jsonl"].splitlines()
    )
    assert sum(yearly_totals(person=person).values()) == Decimal("19.75")

    undo_merge(merge=merge, reason="是两个人", by=admin, at=LATER)
    assert sealed() == apart


def test_a_package_with_only_the_merged_accounts_entries_is_the_kept_persons(sealed):
    world.policy()
    kept, twin = world.learner(), world.learner()
    world.entry(twin, "7.5")
    merge_persons(
        kept=kept, merged=twin, reason="重复建档", by=world.holder("system_admin"), at=LATER
    )

    rows = list(csv.DictReader(sealed()["a11/a11.csv"].decode("utf-8-sig").splitlines()))

    assert [row["人员编号"] for row in rows] == [kept.staff_number]


def test_a_restored_entry_is_archived_in_the_group_it_came_from(sealed):
    world.policy()
    admin, kept, twin = world.holder("system_admin"), world.learner(), world.learner()
    for each in (kept, twin):
        world.entry(each, "7.5", source_key="class/one", evidence={"class_key": "one"})
    merge = merge_persons(kept=kept, merged=twin, reason="重复建档", by=admin, at=LATER)
    undo_merge(merge=merge, reason="是两个人", by=admin, at=LATER)

    rows = list(csv.DictReader(sealed()["a11/a11.csv"].decode("utf-8-sig").splitlines()))

    assert [(row["人员编号"], row["A1108"]) for row in rows] == [
        (kept.staff_number, "7.5"),
        (twin.staff_number, "7.5"),
    ]


def test_the_portfolio_names_the_unit_as_it_was_called(person, sealed):
    rename_unit(
        unit=world.town(), name="大东坝街道", reason="撤镇设街道", by=world.holder("system_admin"),
        at=LATER,
    )  # fmt: skip

    (portfolio,) = [json.loads(v) for name, v in sealed().items() if name.endswith(".json")]

    assert portfolio["学员信息"]["单位"] == "大东坝镇"
