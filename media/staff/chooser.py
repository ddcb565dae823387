"""Choosing a video in the page editor, or uploading one there; its state shows and moves on there too."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import chooser as chooser_views
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.widgets.chooser import BaseChooser

from lms.common.clock import local_date
from lms.people.roles import Permission
from lms.people.selectors import has_permission
from media.forms import VideoForm
from media.models import Video
from media.staff.access import person_of, units_of, videos_of
from media.staff.pages import received
from media.staff.states import labelled, length_words, state_word


class TitleFilter(BaseFilterForm):
    q = forms.CharField(label=_("标题"), required=False, max_length=100)

    def filter(self, objects: QuerySet[Video]) -> QuerySet[Video]:
        self.search_query = self.cleaned_data["q"].strip()
        self.is_searching = bool(self.search_query)
        return objects.filter(title__icontains=self.search_query)


class OfMyUnits:
    """Only what one may manage is listed, chosen and made; asked from the editor of packages alone."""

    access_policy = str(Permission.EDIT_COURSES)
    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        today = local_date(timezone.now())
        if not has_permission(
            person=person_of(request), permission=Permission.EDIT_COURSES, on=today
        ):
            raise Http404
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]

    def get_object_list(self) -> QuerySet[Video]:
        return videos_of(self.request).filter(is_hidden=False).select_related("owner_unit")

    def get_object(self, pk: str) -> Video:
        return videos_of(self.request).get(pk=pk)

    def get_objects(self, pks: list[str]) -> QuerySet[Video]:
        return videos_of(self.request).filter(pk__in=pks)

    def get_creation_form_kwargs(self) -> dict[str, Any]:
        given = super().get_creation_form_kwargs()  # type: ignore[misc]
        return {**given, "units": units_of(self.request)}

    def get_display_title(self, instance: Video) -> str:
        return labelled(instance)

    @property
    def columns(self) -> list[Column]:
        return [
            self.title_column,  # type: ignore[attr-defined]
            Column("state", label=_("状态"), accessor=state_word),
            Column("length", label=_("时长"), accessor=lambda v: length_words(v.duration_seconds)),
            Column("owner_unit", label=_("所属单位"), accessor="owner_unit"),
        ]


class ChooseView(OfMyUnits, chooser_views.ChooseView):
    filter_form_class = TitleFilter


class ChooseResultsView(OfMyUnits, chooser_views.ChooseResultsView):
    filter_form_class = TitleFilter


class ChosenView(OfMyUnits, chooser_views.ChosenView):
    pass


class ChosenMultipleView(OfMyUnits, chooser_views.ChosenMultipleView):
    pass


class CreateView(OfMyUnits, chooser_views.CreateView):
    def post(self, request: HttpRequest) -> HttpResponse:
        self.form = self.get_creation_form()
        video = received(request, self.form)
        if video is None:
            return self.get_reshow_creation_form_response()
        return self.get_chosen_response(video)


class VideoChooser(BaseChooser):
    template_name = "media/staff/chooser_widget.html"

    def get_display_title(self, instance: Video) -> str:
        return labelled(instance)

    def get_context(self, name: str, value_data: dict[str, Any], attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value_data, attrs)
        return {**context, "states_url": reverse("videos:states")}

    @cached_property
    def media(self) -> forms.Media:
        return super().media + forms.Media(js=["media/staff.js"], css={"all": ["media/staff.css"]})


class VideoChooserViewSet(ChooserViewSet):
    model = Video
    icon = "media"
    choose_one_text = _("选一个视频")
    choose_another_text = _("换一个视频")
    edit_item_text = _("看这个视频")
    search_tab_label = _("已有的视频")
    creation_tab_label = _("上传新视频")
    create_action_label = _("上传")
    create_action_clicked_label = _("正在上传…")
    creation_form_class = VideoForm
    base_widget_class = VideoChooser
    choose_view_class = ChooseView
    choose_results_view_class = ChooseResultsView
    chosen_view_class = ChosenView
    chosen_multiple_view_class = ChosenMultipleView
    create_view_class = CreateView


video_chooser = VideoChooserViewSet("video_chooser", url_prefix="video-chooser")
