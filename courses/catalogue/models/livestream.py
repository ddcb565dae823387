"""The page that invites people to a lecture spoken at a time."""

from typing import Any

from django import forms
from django.db import models
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, ObjectList, TabbedInterface
from wagtail.models import Page
from wagtail.search import index

from courses.catalogue.editing import LivestreamPageForm
from courses.catalogue.scope import PackagePermissions
from courses.catalogue.segmenting import segmented
from courses.catalogue.serving import view_of
from lms.people.models import Person, Unit
from media.models import Livestream


class LivestreamPage(Page):
    """What is spoken, for whom, and where the hours are earned.

    Time, lecturer and state are the livestream's own facts; the unit whose video is the livestream's
    is where the hours are earned. Neither is repeated here.
    """

    livestream = models.OneToOneField(
        Livestream, models.PROTECT, related_name="page", verbose_name=_("直播")
    )
    summary = models.TextField(_("简介"), max_length=400)
    lecturer_post = models.CharField(_("主讲人职务"), max_length=120, blank=True)
    audience = ParentalManyToManyField(
        Unit, blank=True, related_name="+", verbose_name=_("请谁来听")
    )

    content_panels = [
        FieldPanel(
            "livestream",
            help_text=_(
                "先在「直播」里建好场次（时间、主讲人），再来这里选它。建好页面以后不能换成另一场。"
            ),
        ),
        # Not Wagtail's title panel: its script would copy Chinese into the address (see slugs.py).
        FieldPanel(
            "title",
            classname="title",
            widget=forms.TextInput(attrs={"placeholder": _("讲座的标题")}),
            help_text=_("学员在首页、目录和日历里看到它。"),
        ),
        FieldPanel("summary", help_text=_("给谁讲、解决什么问题。最多 400 字。")),
        FieldPanel("lecturer_post", help_text=_("如「省委党校教授」。主讲人的名字取自场次。")),
        FieldPanel(
            "audience",
            help_text=_(
                "选了单位，只有这些单位和它们下级的人看得到这个页面和日历里的这一场；一个不选就是"
                "请所有人。"
            ),
        ),
    ]
    address_panels = [
        FieldPanel(
            "slug",
            heading=_("网址"),
            help_text=_(
                "网址的最后一段，只用小写字母、数字和连字符。留空就按标题的拼音生成。"
                "发布以后再改，学员收藏的旧网址会打不开。"
            ),
        )
    ]
    base_form_class = LivestreamPageForm
    edit_handler = TabbedInterface(
        [
            ObjectList(content_panels, heading=_("内容")),
            ObjectList(address_panels, heading=_("网址")),
            ObjectList(Page.settings_panels, heading=_("设置")),
        ],
        base_form_class=LivestreamPageForm,
    )
    search_fields = [
        *Page.search_fields,
        index.SearchField("search_words", boost=2),
        index.AutocompleteField("search_words"),
    ]
    parent_page_types = ["catalogue.CatalogueIndexPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("直播页面")
        verbose_name_plural = _("直播页面")

    @property
    def owner_unit_id(self) -> int | None:
        """Whoever owns the lecture owns its page."""
        return self.livestream.owner_unit_id if self.livestream_id else None

    def permissions_for_user(self, user: Person) -> PackagePermissions:
        return PackagePermissions(user, self)

    def with_content_json(self, content: dict[str, Any]) -> "LivestreamPage":
        """The livestream is the page's own and not a revision's: it decides who may see the revision."""
        page: LivestreamPage = super().with_content_json(content)
        page.livestream_id = self.livestream_id
        return page

    def search_words(self) -> str:
        return segmented(self.title, self.summary, self.livestream.lecturer)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view_of(type(self))(request, self)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponseBase:
        return self.serve(request)
