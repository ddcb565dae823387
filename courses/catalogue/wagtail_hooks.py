"""Course packages in the Wagtail admin."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.action_menu import ActionMenuItem, PublishMenuItem
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.sidebar import LinkMenuItem
from wagtail.models import Page
from wagtail.query import PageQuerySet

from courses.catalogue.explorer import OwnPagesViewSet
from courses.catalogue.models import CatalogueIndexPage
from courses.catalogue.scope import units_with
from courses.catalogue.selectors import pages_of_others
from lms.common.clock import local_date
from lms.people.models import Person
from lms.people.roles import Permission


class CoursesMenuItem(MenuItem):
    """Straight to the packages: there is one shelf, so nobody needs a tree of pages."""

    def is_shown(self, request: HttpRequest) -> bool:
        shelf = CatalogueIndexPage.objects.first()
        return shelf is not None and bool(
            shelf.permissions_for_user(request.user).can_add_subpage()
        )

    def render_component(self, request: HttpRequest) -> LinkMenuItem:
        shelf = CatalogueIndexPage.objects.get()
        address = reverse("wagtailadmin_explore", args=[shelf.pk])
        return LinkMenuItem(self.name, str(self.label), address, icon_name=self.icon_name)


@hooks.register("register_admin_menu_item")
def register_courses_menu_item() -> MenuItem:
    return CoursesMenuItem(_("课程"), "", name="courses", icon_name="doc-full", order=100)


@hooks.register("construct_page_action_menu")
def publish_first(
    items: list[ActionMenuItem], request: HttpRequest, context: dict[str, Any]
) -> None:
    """Who may publish sees the button itself; saving drafts stays under it, and is automatic."""
    items.sort(key=lambda item: not isinstance(item, PublishMenuItem))


@hooks.register("register_admin_viewset", order=100)
def list_with_own_filters() -> OwnPagesViewSet:
    return OwnPagesViewSet()


@hooks.register("construct_explorer_page_queryset")
def list_own_units(parent: Page, pages: PageQuerySet, request: HttpRequest) -> PageQuerySet:
    """Pages of other units are neither listed nor changed here."""
    foreign = _foreign_pages(request)
    if foreign.filter(pk=parent.pk).exists():
        raise Http404
    return pages.exclude(pk__in=foreign.values("pk"))


@hooks.register("construct_page_chooser_queryset")
def choose_own_units(pages: PageQuerySet, request: HttpRequest) -> PageQuerySet:
    """The chooser shows titles of drafts, so it holds to the same pages."""
    return pages.exclude(pk__in=_foreign_pages(request).values("pk"))


def _foreign_pages(request: HttpRequest) -> QuerySet[Page]:
    assert isinstance(request.user, Person)  # the admin lets nobody else in
    units = units_with(
        person=request.user, permission=Permission.EDIT_COURSES, on=local_date(timezone.now())
    )
    return pages_of_others(units)
