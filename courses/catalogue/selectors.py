"""Readers: which pages of the shelf a person may manage."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q, QuerySet
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

from courses.catalogue.models import CoursePackagePage
from courses.catalogue.scope import units_with
from lms.people.models import Person, Unit
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


def pages_owned_by(units: QuerySet[Unit] | Collection[int]) -> QuerySet[Page]:
    """Packages and livestream pages of these units."""
    return Page.objects.filter(
        Q(coursepackagepage__owner_unit__in=units)
        | Q(livestreampage__livestream__video__owner_unit__in=units)
    )


def pages_of_others(units: QuerySet[Unit] | Collection[int]) -> QuerySet[Page]:
    """Packages and livestream pages of any unit but these."""
    owned = Q(coursepackagepage__isnull=False) | Q(livestreampage__isnull=False)
    return Page.objects.filter(owned).exclude(pk__in=pages_owned_by(units).values("pk"))


def pages_managed_by(*, person: Person, on: date) -> QuerySet[Page]:
    """Pages of the person's units that Wagtail's page permissions let them change."""
    pages = page_permission_policy.instances_user_has_permission_for(person, "change")
    units = units_with(person=person, permission=Permission.EDIT_COURSES, on=on)
    return pages_owned_by(units).filter(pk__in=pages.values("pk"))
