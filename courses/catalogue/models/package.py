"""Course packages as Wagtail pages, with the units a learner works through."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    TabbedInterface,
)
from wagtail.fields import RichTextField
from wagtail.models import Orderable, Page
from wagtail.search import index

from courses.catalogue.editing import PackageForm
from courses.catalogue.scope import PackagePermissions, ShelfPermissions
from courses.catalogue.segmenting import segmented
from courses.catalogue.serving import view_of
from lms.people.models import Person, Unit
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
    subpage_types = ["catalogue.CoursePackagePage", "catalogue.LivestreamPage"]
    max_count = 1

    class Meta:
        verbose_name = _("课程目录")
        verbose_name_plural = _("课程目录")

    def permissions_for_user(self, user: Person) -> ShelfPermissions:
        return ShelfPermissions(user, self)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view_of(type(self))(request, self)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponseBase:
        return self.serve(request)


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
        Unit, models.PROTECT, related_name="+", verbose_name=_("主办单位")
    )

    content_panels = [
        # Not Wagtail's title panel: its script would copy Chinese into the address (see slugs.py).
        FieldPanel(
            "title",
            classname="title",
            widget=forms.TextInput(attrs={"placeholder": _("课程包的标题")}),
            help_text=_("学员在课程目录里先看到它。说清楚讲什么事，长标题用冒号分成两截。"),
        ),
        FieldPanel(
            "summary",
            help_text=_("标题下面的一段话：给谁讲、解决什么问题。最多 400 字。"),
        ),
        FieldRowPanel(
            [
                FieldPanel("topic", help_text=_("学员按主题筛选；封面的颜色也由它决定。")),
                FieldPanel("edition_label", help_text=_("如「2026 年版」。可以不填。")),
            ]
        ),
        FieldPanel(
            "is_required",
            help_text=_("勾上以后，学员看到「必修」标记，目录里排在选修前面。"),
        ),
        InlinePanel(
            "units",
            heading=_("单元"),
            label=_("单元"),
            min_num=1,
            help_text=_(
                "学员按这里的先后看到单元，用每个单元右上角的箭头调整。视频单元看满规定的比例记学时，"
                "阅读单元不单独记学时。"
            ),
        ),
        FieldPanel(
            "objectives",
            help_text=_("一行写一条，用「能……」开头，如「能按清单判断一件事该不该进网格」。"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel(
                    [
                        FieldPanel("lecturer_name", help_text=_("课程页和目录上都显示。")),
                        FieldPanel("lecturer_post", help_text=_("如「县委党校高级讲师」。")),
                    ]
                ),
                FieldPanel("lecturer_note", help_text=_("一两句：做过什么、擅长什么。")),
            ],
            heading=_("主讲"),
        ),
        FieldPanel(
            "owner_unit",
            help_text=_("课程页上显示为发布单位。只列出你能以它名义制作课程的单位。"),
        ),
    ]
    address_panels = [
        FieldPanel(
            "slug",
            heading=_("网址"),
            help_text=_(
                "课程页网址的最后一段，只用小写字母、数字和连字符。留空就按标题的拼音生成。"
                "发布以后再改，学员收藏的旧网址会打不开。"
            ),
        )
    ]
    base_form_class = PackageForm
    edit_handler = TabbedInterface(
        [
            ObjectList(content_panels, heading=_("内容")),
            ObjectList(address_panels, heading=_("网址")),
            ObjectList(Page.settings_panels, heading=_("设置")),
        ],
        base_form_class=PackageForm,
    )
    search_fields = [
        *Page.search_fields,
        index.SearchField("search_words", boost=2),
        index.AutocompleteField("search_words"),  # what the admin's search boxes ask
        index.FilterField("topic"),
        index.FilterField("is_required"),
    ]
    parent_page_types = ["catalogue.CatalogueIndexPage"]
    subpage_types: list[str] = []
    exclude_fields_in_copy = ["key"]

    class Meta:
        verbose_name = _("课程包")
        verbose_name_plural = _("课程包")

    def permissions_for_user(self, user: Person) -> PackagePermissions:
        return PackagePermissions(user, self)

    def with_content_json(self, content: dict[str, Any]) -> "CoursePackagePage":
        """The unit is the page's own and not a revision's: it decides who may see the revision."""
        page: CoursePackagePage = super().with_content_json(content)
        page.owner_unit_id = self.owner_unit_id
        return page

    def search_words(self) -> str:
        units = [text for unit in self.units.all() for text in (unit.title, unit.body)]
        return segmented(self.title, self.summary, self.lecturer_name, self.objectives, *units)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view_of(type(self))(request, self)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponseBase:
        return self.serve(request)


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
        related_name="+",
        verbose_name=_("视频"),
    )
    body = RichTextField(_("正文"), blank=True, features=READING_FEATURES)

    panels = [
        FieldPanel("kind", help_text=_("视频单元放一个视频；阅读单元写一篇正文。")),
        FieldPanel("title", help_text=_("学员在单元列表里看到的名字。")),
        FieldPanel(
            "video",
            classname="qj-unit-video",
            help_text=_("选一个已有的视频，或者当场上传。转码没完也能选，完了学员就能看。"),
        ),
        FieldPanel(
            "body",
            classname="qj-unit-body",
            help_text=_("只有阅读单元要写。学员读完点「读完了」。"),
        ),
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

    def clean(self) -> None:
        """The constraint above, said beside the field it concerns."""
        super().clean()
        if self.kind == self.Kind.VIDEO and self.video_id is None:
            raise ValidationError(
                {"video": _("视频单元还没有视频。点「选一个视频」，选已有的，或者上传一个新的。")}
            )
        if self.kind == self.Kind.READING and self.video_id is not None:
            raise ValidationError(
                {"video": _("阅读单元不放视频。请取下这个视频，或者把类型改成「视频」。")}
            )
