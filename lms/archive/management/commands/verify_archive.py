"""manage.py verify_archive PATH [--json]: find any changed, added or missing byte of a package."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lms.archive.verification import verify_bag
from lms.archive.zipping import unpacked


class Command(BaseCommand):
    help = "Verify a sealed package from its files alone; the database is not asked."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *, path: Path, as_json: bool, **options: Any) -> None:
        with unpacked(path) as folder:
            problems = [problem.as_json() for problem in verify_bag(folder)]
        if as_json:
            answer = {"valid": not problems, "problems": problems}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        elif not problems:
            self.stdout.write("完好：每个字节都与封装时一样。")
        if problems:
            lines = [f"{p['path']}：{p['message']}" for p in problems[:20]]
            raise CommandError("\n".join([f"有 {len(problems)} 处不符。", *lines]), returncode=1)
