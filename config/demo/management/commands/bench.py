"""manage.py bench NAME|all [--json]: one object of figures, with machine, cores and versions."""

import json
import os
import platform
from argparse import ArgumentParser
from importlib import import_module
from importlib.metadata import version
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

NAMES = (
    "beats", "live_beats", "live", "segments", "pages", "transcode", "slow_lines", "export", "roster",
    "journal",
)  # fmt: skip
PACKAGES = ("django", "wagtail", "psycopg", "granian", "celery")


class Command(BaseCommand):
    help = "Measure, beside the plain alternative in the same run. Nothing is asserted."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", choices=[*NAMES, "all"])
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *, name: str, as_json: bool, **options: Any) -> None:
        names = NAMES if name == "all" else (name,)
        figures = {each: import_module(f"tests.bench.{each}").run() for each in names}
        facts = _machine() | (figures if name == "all" else figures[name])
        self.stdout.write(json.dumps(facts, ensure_ascii=False, indent=None if as_json else 2))


def _machine() -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        postgresql = cursor.fetchone()[0]
    versions = {package: version(package) for package in PACKAGES}
    return {
        "machine": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "versions": {"python": platform.python_version(), "postgresql": postgresql, **versions},
    }
