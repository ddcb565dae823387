"""manage.py verify_journal [--package FOLDER …] [--since DATE] [--json]"""

import json
from argparse import ArgumentParser
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from lms.journal.selectors import HEAD_FILE
from lms.journal.verification import Verification, verify_journal


class Command(BaseCommand):
    help = "Check every row and seal of the journal: {rows, seals, unsealed, broken}."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--package",
            type=Path,
            action="append",
            default=[],
            help="folder of a sealed archive package; the journal must reach the head inside it",
        )
        parser.add_argument(
            "--since",
            type=date.fromisoformat,
            help="check only rows sealed from this day on, and the whole chain of seals",
        )
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(
        self, *, package: list[Path], since: date | None, as_json: bool, **options: Any
    ) -> None:
        start = timezone.make_aware(datetime.combine(since, time.min)) if since else None
        result = verify_journal(heads=[_head(folder) for folder in package], since=start)
        self.stdout.write(json.dumps(vars(result)) if as_json else _said(result))
        if result.broken:
            raise CommandError("the journal does not verify", returncode=1)


def _head(folder: Path) -> dict[str, Any]:
    try:
        return json.loads((folder / "data" / HEAD_FILE).read_bytes())
    except (OSError, ValueError) as error:
        raise CommandError(f"no journal head in {folder}: {error}", returncode=2) from error


def _said(result: Verification) -> str:
    head = f"{result.rows} rows, {result.seals} seals, {result.unsealed} rows not sealed yet"
    return "\n".join([f"{head}, {len(result.broken)} broken", *map(str, result.broken)])
