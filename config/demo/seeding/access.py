"""Roles with an end, a suspended account, and who has signed in: what an administrator meets in the list."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from config.demo.seeding.places import COUNTY
from lms.common.clock import local_date
from lms.people.models import Person, Unit
from lms.people.roles import Role
from lms.people.services import grant_role
from lms.people.suspending import suspend_account

# Which of the cadres, role, unit, first and last day (days from today; None: no end).
TERMS = (
    (0, Role.MENTOR, COUNTY, -300, 430),
    (1, Role.CLASS_MANAGER, COUNTY, -200, 41),
    (2, Role.LECTURER, COUNTY, -700, -30),  # over
    (3, Role.ARCHIVIST, COUNTY, 37, None),  # to begin with the new year
    (4, Role.AUDITOR, COUNTY, -60, 305),
    (5, Role.COURSE_AUTHOR, "331124-B02", -90, 275),
)
SUSPENDED = 9
NEVER_SIGNED_IN_EVERY = 7


def seed_access(
    *,
    cadres: Sequence[Person],
    accounts: dict[str, Person],
    units: dict[str, Unit],
    at: datetime,
) -> None:
    """Give the terms once; nothing is repeated when the seed runs again."""
    today = local_date(at)
    for which, role, unit, begins, ends in TERMS:
        if which < len(cadres) and not cadres[which].role_grants.filter(role=role).exists():
            grant_role(
                person=cadres[which], role=role, unit=units[unit], from_date=_day(today, begins),
                to_date=None if ends is None else _day(today, ends), by=None, at=at,
            )  # fmt: skip
    _let_sign_in(cadres, at)
    if len(cadres) > SUSPENDED and cadres[SUSPENDED].is_active:
        suspend_account(
            person=cadres[SUSPENDED], by=accounts["security_admin"], at=at,
            reason="借调省厅一年，账号先停用",
        )  # fmt: skip


def _let_sign_in(cadres: Sequence[Person], at: datetime) -> None:
    """Most have been here lately; every seventh has not opened the account yet."""
    fresh = [
        person
        for number, person in enumerate(cadres)
        if number % NEVER_SIGNED_IN_EVERY and person.last_login is None
    ]
    for number, person in enumerate(fresh):
        person.last_login = at - timedelta(days=number % 60, minutes=37 * number % 600)
    Person.objects.bulk_update(fresh, ["last_login"])


def _day(today: date, days: int) -> date:
    return today + timedelta(days=days)
