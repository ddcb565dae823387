"""The first page of the admin: what waits for this person, each with the next thing to do."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

from courses.catalogue.models import CatalogueIndexPage, CoursePackagePage
from courses.catalogue.selectors import packages_managed_by
from lms.common.clock import local_date
from lms.people.roles import Permission
from media.models import Video
from media.staff.access import person_of, videos_of
from media.staff.states import UNFINISHED, state_facts

SHOWN = 6


@dataclass(frozen=True)
class Desk:
    """What is on it; every queryset holds only what the person may change."""

    drafts: QuerySet[CoursePackagePage]
    waiting: QuerySet[CoursePackagePage]
    published: QuerySet[CoursePackagePage]
    transcoding: QuerySet[Video]
    failed: QuerySet[Video]
    may_publish: bool


def desk_of(request: HttpRequest, at: datetime) -> Desk:
    person = person_of(request)
    packages = packages_managed_by(person=person, on=local_date(at))
    unpublished = packages.filter(has_unpublished_changes=True).order_by(
        "-latest_revision_created_at"
    )
    mine = Q(owner=person) | Q(latest_revision__user=person)
    publishable = packages_managed_by(
        person=person, on=local_date(at), permission=Permission.PUBLISH_COURSES
    )
    videos = videos_of(request) if person.has_perm("media.view_video") else Video.objects.none()
    return Desk(
        drafts=unpublished.filter(mine),
        waiting=unpublished.exclude(mine).filter(pk__in=publishable.values("pk")),
        published=packages.filter(live=True).order_by("-last_published_at"),
        transcoding=videos.filter(state__in=UNFINISHED),
        failed=videos.filter(state=Video.State.FAILED),
        may_publish=page_permission_policy.user_has_permission(person, "publish"),
    )


class SummaryPanel(Component):
    """The finding in a sentence, and the two ways to begin."""

    order = 10
    template_name = "portal/desk/summary.html"

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        request = parent_context["request"]
        shelf = CatalogueIndexPage.objects.first()
        may_add = shelf is not None and shelf.permissions_for_user(request.user).can_add_subpage()
        return {
            "who": request.user.name,
            "unit": request.posting.unit.name if request.posting else "",
            "findings": findings(self.desk),
            "new_package_url": new_package_url(shelf) if may_add else "",
            "upload_url": reverse("videos:upload")
            if request.user.has_perm("media.add_video")
            else "",
        }


def new_package_url(shelf: Page) -> str:
    kind = CoursePackagePage._meta
    return reverse("wagtailadmin_pages:add", args=[kind.app_label, kind.model_name, shelf.pk])


def findings(desk: Desk) -> list[str]:
    counted = [
        (desk.waiting.count(), _("%d 个课程包等你发布")),
        (desk.drafts.count(), _("%d 个草稿没写完")),
        (desk.failed.count(), _("%d 个视频转码没有成功")),
        (desk.transcoding.count(), _("%d 个视频在转码")),
    ]
    return [sentence % number for number, sentence in counted if number]


class PackagesPanel(Component):
    """Course packages in one state."""

    template_name = "portal/desk/packages.html"

    def __init__(
        self, *, name: str, order: int, packages: QuerySet[CoursePackagePage], **words: str
    ) -> None:
        self.name = name
        self.order = order
        self.packages = packages
        self.words = words

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        total = self.packages.count()
        return {
            "name": self.name,
            **self.words,
            "packages": [self.row(page) for page in self.packages[:SHOWN]],
            "more": max(0, total - SHOWN),
            "more_url": reverse("wagtailadmin_explore_root"),
        }

    def row(self, page: CoursePackagePage) -> dict[str, Any]:
        edit_url = reverse("wagtailadmin_pages:edit", args=[page.pk])
        return {"page": page, "url": edit_url, "action_url": edit_url, **self.facts(page)}

    def facts(self, page: CoursePackagePage) -> dict[str, Any]:
        changed_by = page.latest_revision.user if page.latest_revision else page.owner
        state = _("学员看得到旧的一版") if page.live else _("学员还看不到")
        note = f"{changed_by} · {state}" if changed_by else state
        return {"note": note, "at": page.latest_revision_created_at}


class PublishedPanel(PackagesPanel):
    def facts(self, page: CoursePackagePage) -> dict[str, Any]:
        return {
            "note": page.owner_unit.name,
            "at": page.last_published_at,
            "action_url": page.url,
        }


class VideosPanel(Component):
    """Videos that are being made ready, and those that were refused."""

    order = 40
    template_name = "portal/desk/videos.html"

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        videos: Iterable[Video] = [*self.desk.failed[:SHOWN], *self.desk.transcoding[:SHOWN]]
        return {
            "heading": _("正在转码"),
            "videos": [(video, state_facts(video)) for video in videos],
            "may_change": parent_context["request"].user.has_perm("media.change_video"),
            "csrf_token": parent_context["csrf_token"],
        }


def panels_of(request: HttpRequest, at: datetime) -> list[Component]:
    desk = desk_of(request, at)
    drafts = PackagesPanel(
        name="drafts",
        order=20,
        packages=desk.drafts,
        heading=_("我的草稿"),
        action=_("接着写"),
        empty=_("没有没写完的课程包。点「新建课程包」开始一个，随时可以存成草稿。"),
    )
    waiting = PackagesPanel(
        name="waiting",
        order=30,
        packages=desk.waiting,
        heading=_("待发布"),
        action=_("看过再发布"),
        empty=_("同事的草稿都发布了。有新的草稿，会出现在这里。"),
    )
    published = PublishedPanel(
        name="published",
        order=50,
        packages=desk.published,
        heading=_("最近发布"),
        action=_("看学员页"),
        empty=_("还没有发布过课程包。写好一个草稿，预览满意以后点「发布」。"),
    )
    return [
        SummaryPanel(desk),
        drafts,
        *([waiting] if desk.may_publish else []),
        *([VideosPanel(desk)] if request.user.has_perm("media.view_video") else []),
        published,
    ]
