"""manage.py first_administrator STAFF_NUMBER --unit CODE [--name NAME] [--json]"""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lms.common.clock import database_now
from lms.common.errors import Refusal
from lms.people.first import appoint_first_administrator


class Command(BaseCommand):
    help = "Make the first security administrator. Works only while there is none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("staff_number")
        parser.add_argument(
            "--unit", required=True, help="code of the unit at the top of the scope"
        )
        parser.add_argument("--name", default="", help="for somebody who is not known yet")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(
        self, *, staff_number: str, unit: str, name: str, as_json: bool, **options: Any
    ) -> None:
        try:
            grant = appoint_first_administrator(
                staff_number=staff_number, name=name, unit_code=unit, at=database_now()
            )
        except Refusal as refusal:
            if as_json:
                self.stdout.write(json.dumps(refusal.as_json(), ensure_ascii=False))
            raise CommandError(str(refusal.sentence), returncode=1) from refusal
        if as_json:
            answer = {"staff_number": grant.person.staff_number, "unit": grant.unit.code}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        self.stdout.write(f"{grant.person.name} 现在是{grant.unit.name}的安全管理员。")
        if not grant.person.has_usable_password():
            self.stdout.write(f"设密码：manage.py changepassword {grant.person.staff_number}")
