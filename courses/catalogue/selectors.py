"""Readers: which course packages a person may manage."""

from datetime import date

from django.db.models import QuerySet
from wagtail.permissions import page_permission_policy

from courses.catalogue.models import CoursePackagePage
from courses.catalogue.scope import units_with
from lms.people.models import Person
from lms.people.roles import Permission


def packages_managed_by(
    *, person: Person, on: date, permission: Permission = Permission.EDIT_COURSES
) -> QuerySet[CoursePackagePage]:
    """Packages of the person's units that Wagtail's page permissions let them change, or publish."""
    action = "publish" if permission == Permission.PUBLISH_COURSES else "change"
    pages = page_permission_policy.instances_user_has_permission_for(person, action)
    return CoursePackagePage.objects.filter(
        pk__in=pages.values("pk"),
        owner_unit__in=units_with(person=person, permission=permission, on=on),
    ).select_related("owner", "owner_unit", "latest_revision__user")
