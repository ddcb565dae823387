"""Wagtail's groups say what one may do with pages; role grants say with which units' packages."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from wagtail.models import Page, PagePermissionTester

from lms.common.clock import local_date
from lms.people.models import Person, Unit
from lms.people.roles import Permission
from lms.people.selectors import units_visible_to

PUBLISHING = {"publish", "lock", "unlock", "bulk_delete"}


def units_with(*, person: Person, permission: Permission, on: date) -> QuerySet[Unit]:
    """Units for whose packages `person` holds the permission."""
    return units_visible_to(person=person, permission=permission, on=on)


class PackagePermissions(PagePermissionTester):
    """Asked by every view of Wagtail's that changes, publishes, previews or deletes a page."""

    def __init__(self, user: Person, page: Page) -> None:
        super().__init__(user, page)
        if not user.is_active or not page.owner_unit_id:
            return
        if page.owner_unit_id not in unit_ids(user, Permission.EDIT_COURSES):
            self.permissions: set[str] = set()
        elif page.owner_unit_id not in unit_ids(user, Permission.PUBLISH_COURSES):
            self.permissions = self.permissions - PUBLISHING

    def can_set_view_restrictions(self) -> bool:
        """Wagtail's passwords for pages are not ours: units open by signing in."""
        return False

    def can_move(self) -> bool:
        """There is one shelf."""
        return False

    def can_copy(self) -> bool:
        """A copy would carry the keys of the units, under which learners' hours are kept."""
        return False


class ShelfPermissions(PagePermissionTester):
    """Packages may be put on the shelf; the shelf itself belongs to no unit, so nobody changes it."""

    def _never(self) -> bool:
        return False

    can_edit = can_publish = can_unpublish = can_move = can_copy = _never
    can_lock = can_unlock = can_set_view_restrictions = can_reorder_children = _never
    can_view_revisions = can_unschedule = _never

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return False


def unit_ids(user: Any, permission: Permission) -> frozenset[int]:
    """Units for whose packages the person holds the permission today, by id.

    Read once a request: a listing asks for each of its rows.
    """
    known: dict[Permission, frozenset[int]] = user.__dict__.setdefault("_course_units", {})
    if permission not in known:
        units = units_with(person=user, permission=permission, on=local_date(timezone.now()))
        known[permission] = frozenset(units.values_list("pk", flat=True))
    return known[permission]
