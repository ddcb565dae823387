"""Roles as plain classes listing permissions. A grant gives a role in a unit's subtree for a time."""

from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    LEARNER = "learner", _("学员")
    MENTOR = "mentor", _("导师")
    LECTURER = "lecturer", _("讲师")
    COURSE_AUTHOR = "course_author", _("课程制作")
    COURSE_REVIEWER = "course_reviewer", _("课程审核")
    PUBLISHER = "publisher", _("课程发布")
    CLASS_MANAGER = "class_manager", _("班级管理")
    UNIT_ADMIN = "unit_admin", _("单位培训管理员")
    ARCHIVIST = "archivist", _("档案管理员")
    AUDITOR = "auditor", _("审计员")
    SYSTEM_ADMIN = "system_admin", _("系统管理员")
    SECURITY_ADMIN = "security_admin", _("安全管理员")
    AUDIT_ADMIN = "audit_admin", _("审计管理员")


ADMINISTRATORS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)


class Permission(StrEnum):
    """What a view may require. Learning needs none: every signed-in person learns."""

    EDIT_COURSES = "edit_courses"
    PUBLISH_COURSES = "publish_courses"
    MANAGE_VIDEOS = "manage_videos"
    MANAGE_CLASSES = "manage_classes"  # trips, rosters, sign-in, closing
    ORDER_CLASSES = "order_classes"  # order lectures, and assign seats, for one's unit
    SEAL_PACKAGES = "seal_packages"
    READ_JOURNAL = "read_journal"
    READ_UNIT_RECORDS = "read_unit_records"
    SEE_OPERATIONS = "see_operations"
    READ_PEOPLE = "read_people"  # the list of people and a person's page
    IMPORT_ROSTER = "import_roster"  # also: add, transfer, activation codes
    REVEAL_ID_NUMBER = "reveal_id_number"  # one number at a time, with a reason
    MANAGE_UNITS = "manage_units"  # move and merge units
    MERGE_PERSONS = "merge_persons"
    GRANT_ROLES = "grant_roles"  # those of GRANTABLE, inside one's own units
    MANAGE_ACCOUNTS = "manage_accounts"  # suspend, unlock, reset a second factor


PERMISSIONS: dict[str, frozenset[Permission]] = {
    Role.COURSE_AUTHOR: frozenset({Permission.EDIT_COURSES, Permission.MANAGE_VIDEOS}),
    Role.COURSE_REVIEWER: frozenset({Permission.EDIT_COURSES}),
    Role.PUBLISHER: frozenset(
        {Permission.EDIT_COURSES, Permission.PUBLISH_COURSES, Permission.MANAGE_VIDEOS}
    ),
    Role.CLASS_MANAGER: frozenset({Permission.MANAGE_CLASSES}),
    Role.UNIT_ADMIN: frozenset(
        {
            Permission.ORDER_CLASSES,
            Permission.READ_UNIT_RECORDS,
            Permission.READ_PEOPLE,
            Permission.IMPORT_ROSTER,
            Permission.REVEAL_ID_NUMBER,
            Permission.GRANT_ROLES,
        }
    ),
    Role.ARCHIVIST: frozenset({Permission.SEAL_PACKAGES, Permission.REVEAL_ID_NUMBER}),
    Role.AUDITOR: frozenset({Permission.READ_JOURNAL}),
    Role.SYSTEM_ADMIN: frozenset(
        {
            Permission.SEE_OPERATIONS,
            Permission.READ_PEOPLE,
            Permission.IMPORT_ROSTER,
            Permission.MANAGE_UNITS,
            Permission.MERGE_PERSONS,
        }
    ),
    Role.SECURITY_ADMIN: frozenset(
        {Permission.READ_PEOPLE, Permission.GRANT_ROLES, Permission.MANAGE_ACCOUNTS}
    ),
    Role.AUDIT_ADMIN: frozenset({Permission.READ_JOURNAL, Permission.GRANT_ROLES}),
}

# Staff and administrators sign in with a second factor (security 15): whoever holds one of these.
# Learners, mentors and lecturers see what is their own.
ROLES_NEEDING_SECOND_FACTOR: frozenset[str] = frozenset(
    {
        Role.COURSE_AUTHOR,
        Role.COURSE_REVIEWER,
        Role.PUBLISHER,
        Role.CLASS_MANAGER,
        Role.UNIT_ADMIN,
        Role.ARCHIVIST,
        Role.AUDITOR,
        *ADMINISTRATORS,
    }
)

# Who may grant what, inside the subtree of one's own grant and never to oneself (security 3).
GRANTABLE: dict[str, frozenset[str]] = {
    Role.UNIT_ADMIN: frozenset({Role.LEARNER, Role.MENTOR, Role.LECTURER, Role.CLASS_MANAGER}),
    Role.SECURITY_ADMIN: frozenset(Role.values) - {Role.AUDITOR, Role.AUDIT_ADMIN},
    Role.AUDIT_ADMIN: frozenset({Role.AUDITOR, Role.AUDIT_ADMIN}),
}


def roles_with(permission: Permission) -> list[str]:
    return [role for role, granted in PERMISSIONS.items() if permission in granted]
