"""The listing of the shelf in the admin: its filters name only people who wrote the person's own pages."""

from typing import Any

from django.db.models import QuerySet
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import MultipleUserFilter
from wagtail.admin.views.pages.listing import (
    EditedByFilter,
    ExplorableIndexView,
    GenericPageFilterSet,
)
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.models import Page, PageLogEntry

from courses.catalogue.selectors import pages_managed_by
from lms.common.clock import local_date
from lms.people.models import Person


def _own_pages(request: HttpRequest) -> QuerySet[Any]:
    assert isinstance(request.user, Person)  # the admin lets nobody else in
    own = pages_managed_by(person=request.user, on=local_date(timezone.now()))
    return own.order_by().values("pk")


def owners(request: HttpRequest) -> QuerySet[Person]:
    pages = Page.objects.filter(pk__in=_own_pages(request)).order_by()
    return Person.objects.filter(pk__in=pages.values("owner"))


def editors(request: HttpRequest) -> QuerySet[Person]:
    edits = PageLogEntry.objects.filter(action="wagtail.edit", page__in=_own_pages(request))
    return Person.objects.filter(pk__in=edits.order_by().values("user"))


class OwnPagesFilterSet(GenericPageFilterSet):
    owner = MultipleUserFilter(label=_("建立人"), queryset=owners, widget=CheckboxSelectMultiple)
    edited_by = EditedByFilter(label=_("修改人"), queryset=editors, widget=CheckboxSelectMultiple)


class OwnPagesView(ExplorableIndexView):
    base_filterset_class = OwnPagesFilterSet


class OwnPagesViewSet(PageViewSet):
    """Takes the place of Wagtail's own for every page."""

    model = Page
    index_view_class = OwnPagesView
    filterset_class = OwnPagesFilterSet
