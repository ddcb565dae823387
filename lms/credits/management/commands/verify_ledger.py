import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lms.credits.verification import verify_ledger


class Command(BaseCommand):
    help = "Check the hash chain of every person's ledger."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        result = verify_ledger()
        if options["json"]:
            self.stdout.write(json.dumps({"entries": result.entries, "broken": result.broken}))
        else:
            self.stdout.write(f"{result.entries} entries, {len(result.broken)} broken")
            for fault in result.broken:
                self.stdout.write(
                    f"person {fault['person']} #{fault['sequence']}: {fault['problem']}"
                )
        if result.broken:
            raise CommandError("the ledger does not verify", returncode=1)
