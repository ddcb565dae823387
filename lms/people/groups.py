"""Wagtail's groups follow from role grants: nobody is put into one by hand (ADR 0018)."""

from datetime import date

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Q

from lms.people.models import Person
from lms.people.roles import PERMISSIONS, Permission
from lms.people.selectors import grants_on

# A Wagtail group for each permission that opens a part of the admin.
STAFF_GROUPS = {
    Permission.EDIT_COURSES: "课程制作",
    Permission.PUBLISH_COURSES: "课程发布",
    Permission.MANAGE_VIDEOS: "视频管理",
}
STAFF_ROLES = [role for role, granted in PERMISSIONS.items() if granted & set(STAFF_GROUPS)]


def group_names(roles: set[str]) -> set[str]:
    """The groups that roles in force make."""
    held = {permission for role in roles for permission in PERMISSIONS.get(role, ())}
    return {STAFF_GROUPS[permission] for permission in held if permission in STAFF_GROUPS}


def sync_groups(*, person: Person, on: date) -> bool:
    """Make the person's groups exactly those of the grants in force that day. True: something changed.

    An account that was merged is in none. Call it wherever grants change; the schedule calls it for
    those that begin or end by date.
    """
    with transaction.atomic():
        granted = grants_on(person=person, on=on).filter(person__merged_into=None)
        roles = set(granted.values_list("role", flat=True))
        wanted, present = group_names(roles), set(person.groups.values_list("name", flat=True))
        has_rights_by_hand = person.user_permissions.exists()
        if wanted == present and not has_rights_by_hand:
            return False
        person.user_permissions.clear()
        person.groups.set([Group.objects.get_or_create(name=name)[0] for name in sorted(wanted)])
    return True


def sync_all_groups(*, on: date) -> int:
    """Put right whoever's groups are out of step that day; returns how many were."""
    concerned = Person.objects.filter(
        Q(role_grants__role__in=STAFF_ROLES)
        | Q(groups__isnull=False)
        | Q(user_permissions__isnull=False)
    ).distinct()
    return sum(sync_groups(person=person, on=on) for person in concerned.iterator())
