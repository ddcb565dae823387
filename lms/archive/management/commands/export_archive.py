"""manage.py export_archive [--until DATE] [--unit CODE] [--json]: seal what no package holds yet."""

import json
import time
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lms.archive.models import ArchivePackage
from lms.archive.places import archive_root
from lms.archive.selectors import unit_of_whole_ledger
from lms.archive.services import LEASE, PackageBusy, request_package, seal_package
from lms.common.clock import database_now, local_date
from lms.common.errors import Refusal
from lms.people.models import Unit
from lms.people.services import UnitUnknown


class Command(BaseCommand):
    help = "Seal the ledger entries that are in no package yet into a BagIt package."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--until", type=date.fromisoformat, metavar="DATE")
        parser.add_argument("--unit", metavar="CODE", help="default: the site's whole ledger")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(
        self, *, until: date | None, unit: str | None, as_json: bool, **options: Any
    ) -> None:
        at = database_now()
        try:
            package = request_package(
                unit=self._unit(unit), until=until or local_date(at), by=None, at=at
            )
            package = self._sealed(package)
        except Refusal as refusal:
            self._say(refusal.as_json(), as_json=as_json)
            raise CommandError(refusal.sentence, returncode=1) from refusal
        is_sealed = package.state == ArchivePackage.State.SEALED
        self._say(
            {
                "package": str(archive_root() / package.path) if is_sealed else None,
                "entries": package.entries,
                "hours": f"{package.hours:.2f}",
            },
            as_json=as_json,
        )

    def _unit(self, code: str | None) -> Unit:
        found = Unit.objects.filter(code=code).first() if code else unit_of_whole_ledger()
        if found is None:
            raise UnitUnknown
        return found

    def _sealed(self, package: ArchivePackage) -> ArchivePackage:
        """Seal, or wait until whoever is at it has finished or its lease has run out."""
        waiting_until = time.monotonic() + 2 * LEASE.total_seconds()
        while True:
            try:
                return seal_package(package=package, at=database_now(), on_progress=self._progress)
            except PackageBusy:
                if time.monotonic() > waiting_until:
                    raise
                time.sleep(1)

    def _progress(self, done: int, total: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{done}/{total}", ending="")

    def _say(self, answer: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        elif "package" in answer:
            self.stdout.write(
                f"{answer['package'] or '没有新记录'}  {answer['entries']} 笔  {answer['hours']} 学时"
            )
