"""The first security administrator of an empty installation, who gives every other role."""

from datetime import datetime

from django.db import connection, transaction

from lms.common.acts import note
from lms.common.clock import local_date
from lms.common.errors import Refusal
from lms.people.granting import grant_role
from lms.people.models import Person, Posting, RoleGrant, Unit
from lms.people.roles import Role
from lms.people.selectors import unended_grants
from lms.people.services import UnitUnknown, add_person, start_posting


class SecurityAdministratorExists(Refusal):
    code = "security_administrator_exists"
    sentence = "已经有安全管理员了。角色由他在「人员」里授予，这个命令不再可用。"


class NameMissing(Refusal):
    code = "name_missing"
    sentence = "没有这个人员编号。新建这个人要用 --name 给出姓名。"


def appoint_first_administrator(
    *, staff_number: str, name: str, unit_code: str, at: datetime
) -> RoleGrant:
    """Make somebody security administrator of a unit's subtree while there is none at all.

    Whoever is not known yet is added, serving in that unit. Raises SecurityAdministratorExists,
    UnitUnknown, NameMissing; a refusal is noted.
    """
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                # Of two commands at once the second waits here, and then finds the first one's grant.
                cursor.execute(
                    f'LOCK TABLE "{RoleGrant._meta.db_table}" IN SHARE ROW EXCLUSIVE MODE'
                )
            today = local_date(at)
            if RoleGrant.objects.filter(unended_grants(today), role=Role.SECURITY_ADMIN).exists():
                raise SecurityAdministratorExists
            unit = Unit.objects.filter(code=unit_code).first()
            if unit is None:
                raise UnitUnknown
            person = _person(staff_number=staff_number, name=name, unit=unit, at=at)
            return grant_role(
                person=person, role=Role.SECURITY_ADMIN, unit=unit, from_date=today, by=None, at=at
            )
    except Refusal as refusal:
        note(
            action="people.first_administrator", by=None, at=at, outcome="refused",
            code=refusal.code, detail={"staff_number": staff_number, "unit": unit_code},
        )  # fmt: skip
        raise


def _person(*, staff_number: str, name: str, unit: Unit, at: datetime) -> Person:
    person = Person.objects.filter(staff_number=staff_number).first()
    if person is not None:
        return person
    if not name:
        raise NameMissing
    person = add_person(staff_number=staff_number, name=name)
    start_posting(
        person=person, unit=unit, title="", post_level=Posting.PostLevel.STAFF,
        from_date=local_date(at),
    )  # fmt: skip
    return person
