"""The shell remembers the site unit's name; a change of the tree makes it forget."""

from django.conf import settings
from django.core.cache import cache

from lms.people.unit_effects import call_when_units_change


def register() -> None:
    call_when_units_change(_forget_site_unit)


def _forget_site_unit() -> None:
    cache.delete(f"unit-name:{settings.QIANGJI['SITE_UNIT_CODE']}")
