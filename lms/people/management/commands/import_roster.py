"""manage.py import_roster FILE [--dry-run] [--by STAFF_NUMBER] [--json]: bring people and postings up to a roster."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lms.common.clock import database_now
from lms.people.models import Person
from lms.people.roster.errors import RosterRefused
from lms.people.roster.importing import Result, import_roster

SHOWN = 20


class Command(BaseCommand):
    help = "Import a roster (.xlsx or .csv). The same file twice changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would change, write nothing"
        )
        parser.add_argument(
            "--by", metavar="STAFF_NUMBER", help="import as this person, in their units only"
        )
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(
        self, *, file: Path, dry_run: bool, by: str | None, as_json: bool, **options: Any
    ) -> None:
        if not file.is_file():
            raise CommandError(f"没有这个文件：{file}", returncode=2)
        try:
            result = import_roster(
                path=file, by=self._person(by), at=database_now(), is_dry_run=dry_run
            )
        except RosterRefused as refusal:
            answer = Result({}, refusal.rejected).as_json() | refusal.as_json()
            self._say(answer, as_json=as_json, is_dry_run=dry_run)
            raise CommandError(refusal.sentence, returncode=1) from refusal
        self._say(result.as_json(), as_json=as_json, is_dry_run=dry_run)

    def _person(self, staff_number: str | None) -> Person | None:
        if staff_number is None:
            return None
        person = Person.objects.filter(staff_number=staff_number).first()
        if person is None:
            raise CommandError(f"没有这个人员编号：{staff_number}", returncode=2)
        return person

    def _say(self, answer: dict[str, Any], *, as_json: bool, is_dry_run: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        rejected = answer["rejected"]
        if "code" not in answer:
            rows = len({problem["row"] for problem in rejected})
            self.stdout.write("试读，没有写入。" if is_dry_run else "已导入。")
            self.stdout.write(
                f"新增 {answer['created']} 人，变动 {answer['updated']} 人，"
                f"不变 {answer['unchanged']} 人，没有导入 {rows} 行。"
            )
        for problem in rejected[:SHOWN]:
            self.stdout.write(f"第 {problem['row']} 行  {problem['column']}  {problem['message']}")
        if len(rejected) > SHOWN:
            self.stdout.write(f"另有 {len(rejected) - SHOWN} 处，用 --json 看全部。")
