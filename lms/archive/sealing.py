"""Filling a bag with the entries of a package, one stretch of persons at a time."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils import timezone

from lms.archive.bag import BagWriter
from lms.archive.chain import ENTRIES, HEADS, RECORD_FIELDS, SUMMARY
from lms.archive.models import ArchivePackage
from lms.archive.places import package_name
from lms.archive.readers.code_tables import load_codes
from lms.archive.rules import IN_PERSON, MAPPING_VERSION, ONLINE, Trainings, count_entry
from lms.archive.selectors import (
    identity_dossiers,
    member_chunks,
    member_dossiers,
    member_entries,
    merged_members,
)
from lms.archive.writers.a11 import A11Writer, a11_part, write_mapping
from lms.archive.writers.ledger import EntryRow, LedgerWriter
from lms.archive.writers.notes import notes_text
from lms.archive.writers.portfolio import Dossier, canonical, portfolio_bytes, portfolio_path
from lms.journal.selectors import HEAD_FILE, journal_head

OnProgress = Callable[[int, int], None]


class PackageContents:
    """Routes each entry to the ledger part and, person by person, to A11 and the portfolio."""

    def __init__(
        self, bag: BagWriter, package: ArchivePackage, a11: A11Writer, ledger: LedgerWriter
    ) -> None:
        self._bag, self._a11, self._ledger = bag, a11, ledger
        self._sealed_at = timezone.localtime(package.created_at)
        self._dossier: Dossier | None = None
        self._account = 0
        self._chains: dict[int, dict[str, object]] = {}
        self._trainings: Trainings = {}

    def add(self, row: EntryRow, dossiers: dict[int, Dossier]) -> None:
        if self._dossier is None or self._account != row.person_id:
            self._begin_account(row.person_id, dossiers[row.person_id])
        self._ledger.write(row, self._staff_number)
        is_reversal = row.reverses is not None
        count_entry(
            self._trainings,
            bucket=row.bucket,
            hours=Decimal(row.hours),
            title=(row.reversed_title or "") if is_reversal else row.title,
            happened_on=row.happened_on,
            evidence=row.reversed_evidence if is_reversal else row.evidence,
        )

    def _begin_account(self, account: int, dossier: Dossier) -> None:
        """Another chain; another person too, unless the account was merged into the same one."""
        if self._dossier is dossier:
            self._close_chain()
        else:
            self.close_person()
        self._dossier, self._account = dossier, account
        self._staff_number = dossier.account(account)

    def _close_chain(self) -> None:
        chain = self._ledger.close_person(self._account, self._staff_number)
        self._chains[self._account] = chain.as_json()

    def close_person(self) -> None:
        """Everything of the person is here: write the rows, the head and the portfolio."""
        dossier = self._dossier
        if dossier is None:
            return
        self._close_chain()
        trainings = list(self._trainings.values())
        rows = self._a11.write_person(dossier.learner, trainings)
        hours = {ONLINE: Decimal(0), IN_PERSON: Decimal(0)}
        for training in trainings:
            hours[training.bucket] += training.hours
        self._bag.add(
            portfolio_path(dossier.person_id),
            portfolio_bytes(
                dossier,
                rows=rows,
                hours={"网络学习": f"{hours[ONLINE]:.2f}", "集中培训": f"{hours[IN_PERSON]:.2f}"},
                chains=self._chains,
                updated_at=self._sealed_at,
            ),
        )
        self._dossier, self._trainings, self._chains = None, {}, {}


def fill_bag(bag: BagWriter, package: ArchivePackage, on_progress: OnProgress) -> None:
    """Write the whole payload. Raises LedgerBroken where an entry does not give its hash."""
    codes, tables = load_codes()
    done = 0
    a11_files = a11_part(
        bag,
        codes=codes,
        host_unit=package.unit.name,
        created_at=timezone.localtime(package.created_at),
    )
    with bag.open(ENTRIES) as entries, bag.open(HEADS) as heads, a11_files as a11:
        contents = PackageContents(bag, package, a11, LedgerWriter(entries, heads))
        merged = merged_members(package)
        apart = {*merged, *(account for accounts in merged.values() for account in accounts)}
        for first, last, count in member_chunks(package, sorted(apart)):
            dossiers = member_dossiers(package, first, last)
            for row in member_entries(package, first, last):
                if row.person_id not in apart:
                    contents.add(row, dossiers)
            contents.close_person()
            done += count
            on_progress(done, package.entries)
        for kept, accounts in merged.items():
            dossiers = identity_dossiers(package, kept, accounts)
            for account in (kept, *accounts):
                for row in member_entries(package, account, account):
                    contents.add(row, dossiers)
            contents.close_person()
            on_progress(package.entries, package.entries)
    summary = package_summary(package)
    write_mapping(bag, tables)
    bag.add(SUMMARY, canonical(summary))
    # The end of the journal's chain leaves the house too: who cuts the journal off disagrees with it.
    bag.add(HEAD_FILE, canonical(journal_head(at=package.created_at)))
    has_placeholders = any(table.is_placeholder for table in tables)
    fields = "、".join(RECORD_FIELDS)
    bag.add("说明.txt", notes_text(summary, has_placeholders=has_placeholders, fields=fields))


def package_summary(package: ArchivePackage) -> dict[str, Any]:
    """What package.json says."""
    return {
        "name": package_name(package),
        "label": str(package),
        "unit": package.unit.name,
        "unit_code": package.unit.code,
        "until": package.until.isoformat(),
        "entries": package.entries,
        "hours": f"{package.hours:.2f}",
        "persons": package.people,
        "mapping": MAPPING_VERSION,
    }


def bag_info(package: ArchivePackage) -> dict[str, object]:
    """bag-info.txt. Nothing in it depends on which attempt seals."""
    return {
        "Source-Organization": package.unit.name,
        "External-Identifier": package_name(package),
        "External-Description": f"学时台账封装包 {package}",
        "Bagging-Date": timezone.localtime(package.created_at).date().isoformat(),
        "Bag-Software-Agent": "Qiangji",
        "Qiangji-Until": package.until.isoformat(),
        "Qiangji-Entries": package.entries,
        "Qiangji-Hours": f"{package.hours:.2f}",
        "Qiangji-A11-Mapping": MAPPING_VERSION,
    }
