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


class Permission(StrEnum):
    """What a view may require. Learning needs none: every signed-in person learns."""

    EDIT_COURSES = "edit_courses"
    PUBLISH_COURSES = "publish_courses"
    MANAGE_VIDEOS = "manage_videos"
    SEAL_PACKAGES = "seal_packages"
    READ_JOURNAL = "read_journal"
    READ_UNIT_RECORDS = "read_unit_records"
    SEE_OPERATIONS = "see_operations"


PERMISSIONS: dict[str, frozenset[Permission]] = {
    Role.COURSE_AUTHOR: frozenset({Permission.EDIT_COURSES, Permission.MANAGE_VIDEOS}),
    Role.COURSE_REVIEWER: frozenset({Permission.EDIT_COURSES}),
    Role.PUBLISHER: frozenset(
        {Permission.EDIT_COURSES, Permission.PUBLISH_COURSES, Permission.MANAGE_VIDEOS}
    ),
    Role.UNIT_ADMIN: frozenset({Permission.READ_UNIT_RECORDS}),
    Role.ARCHIVIST: frozenset({Permission.SEAL_PACKAGES}),
    Role.AUDITOR: frozenset({Permission.READ_JOURNAL}),
    Role.AUDIT_ADMIN: frozenset({Permission.READ_JOURNAL}),
    Role.SYSTEM_ADMIN: frozenset({Permission.SEE_OPERATIONS}),
}


def roles_with(permission: Permission) -> list[str]:
    return [role for role, granted in PERMISSIONS.items() if permission in granted]
