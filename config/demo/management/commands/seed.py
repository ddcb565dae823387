"""manage.py seed --scale demo|county|city [--if-empty] [--json]: fill the demo."""

import json
import logging
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from config.demo.seeding.stages import SCALES, seed, write_accounts
from lms.common.clock import database_now
from lms.people.models import Person


class Command(BaseCommand):
    help = "Fill the demo with people, courses, lectures and history. A second run changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--scale", choices=[*SCALES], default="demo")
        parser.add_argument("--if-empty", action="store_true", help="do nothing where people are")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *, scale: str, if_empty: bool, as_json: bool, **options: Any) -> None:
        began = time.monotonic()
        done: dict[str, Any] = {"scale": scale}
        if not (if_empty and Person.objects.exists()):
            # Wagtail tells of every page and index it touches; here that is thousands of lines.
            for name in ("wagtail", "django_tasks"):
                logging.getLogger(name).setLevel(logging.WARNING)

            def say(what: str) -> None:
                print(f"{time.monotonic() - began:6.1f} s  {what}", file=sys.stderr, flush=True)

            at = timezone.localtime(database_now())
            done |= seed(scale=SCALES[scale], folder=settings.RUN_DIR / "lectures", at=at, say=say)
        write_accounts(settings.RUN_DIR / "demo-seed.json")
        done["seconds"] = round(time.monotonic() - began, 1)
        self.stdout.write(json.dumps(done) if as_json else f"Seeded: {done}")
