"""Course packages as Wagtail pages, with the units a learner works through."""

import uuid
from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Orderable, Page
from wagtail.search import index

from courses.catalogue.segmenting import segmented
from courses.catalogue.serving import view_of
from lms.people.models import Unit
from media.models import Video

READING_FEATURES = ["h3", "h4", "bold", "italic", "ol", "ul", "hr", "link", "blockquote"]


class Topic(models.TextChoices):
    GOVERNANCE = "governance", _("基层治理")
    RURAL = "rural", _("乡村振兴")
    LAW = "law", _("依法行政")
    EMERGENCY = "emergency", _("应急管理")
    PEOPLE = "people", _("群众工作")
    DIGITAL = "digital", _("数字化改革")
    ECOLOGY = "ecology", _("生态文明")
    WRITING = "writing", _("公文写作")
    THEORY = "theory", _("理论学习")


class CatalogueIndexPage(Page):
    """The shelf of course packages."""

    intro = models.CharField(_("导语"), max_length=200, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("intro")]
    subpage_types = ["catalogue.CoursePackagePage"]
    max_count = 1

    class Meta:
        verbose_name = _("课程目录")
        verbose_name_plural = _("课程目录")

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view_of(type(self))(request, self)


class CoursePackagePage(Page):
    """A course package: what it is for, who teaches it, and its units in order."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    summary = models.TextField(_("简介"), max_length=400)
    topic = models.CharField(_("主题"), max_length=20, choices=Topic.choices)
    lecturer_name = models.CharField(_("主讲人"), max_length=60)
    lecturer_post = models.CharField(_("主讲人职务"), max_length=120, blank=True)
    lecturer_note = models.CharField(_("主讲人介绍"), max_length=200, blank=True)
    is_required = models.BooleanField(_("必修"), default=False)
    edition_label = models.CharField(_("版次"), max_length=40, blank=True)
    objectives = models.TextField(
        _("学习目标"), max_length=600, blank=True, help_text=_("一行一条")
    )
    owner_unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="course_packages", verbose_name=_("主办单位")
    )

    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldRowPanel(
            [FieldPanel("topic"), FieldPanel("is_required"), FieldPanel("edition_label")]
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("lecturer_name"), FieldPanel("lecturer_post")]),
                FieldPanel("lecturer_note"),
            ],
            heading=_("主讲"),
        ),
        FieldPanel("objectives"),
        FieldPanel("owner_unit"),
        InlinePanel("units", heading=_("单元"), label=_("单元"), min_num=1),
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("search_words", boost=2),
        index.FilterField("topic"),
        index.FilterField("is_required"),
    ]
    parent_page_types = ["catalogue.CatalogueIndexPage"]
    subpage_types: list[str] = []
    exclude_fields_in_copy = ["key"]

    class Meta:
        verbose_name = _("课程包")
        verbose_name_plural = _("课程包")

    def search_words(self) -> str:
        units = [text for unit in self.units.all() for text in (unit.title, unit.body)]
        return segmented(self.title, self.summary, self.lecturer_name, self.objectives, *units)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view_of(type(self))(request, self)


class CourseUnit(Orderable):
    """A video or a reading. Its key stays with it through revisions; learners' records hold the key."""

    class Kind(models.TextChoices):
        VIDEO = "video", _("视频")
        READING = "reading", _("阅读")

    package = ParentalKey(CoursePackagePage, on_delete=models.CASCADE, related_name="units")
    key = models.UUIDField(default=uuid.uuid4, editable=False, db_index=True)
    kind = models.CharField(_("类型"), max_length=10, choices=Kind.choices, default=Kind.VIDEO)
    title = models.CharField(_("标题"), max_length=200)
    video = models.ForeignKey(
        Video,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="course_units",
        verbose_name=_("视频"),
    )
    body = RichTextField(_("正文"), blank=True, features=READING_FEATURES)

    panels = [
        FieldRowPanel([FieldPanel("kind"), FieldPanel("title")]),
        FieldPanel("video"),
        FieldPanel("body"),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("单元")
        verbose_name_plural = _("单元")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="video", video__isnull=False)
                | models.Q(kind="reading", video__isnull=True),
                name="unit_video_when_kind_is_video",
                violation_error_message=_("视频单元要选一个视频；阅读单元不选视频，只写正文。"),
            )
        ]

    def __str__(self) -> str:
        return self.title
