"""Videos in the Wagtail admin: menu, addresses, chooser."""

from typing import Any

from django.http import HttpRequest
from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.admin_url_finder import ModelAdminURLFinder, register_admin_url_finder
from wagtail.admin.menu import MenuItem

from media.models import Video
from media.staff import addresses, live_addresses
from media.staff.chooser import VideoChooserViewSet, video_chooser


class VideosMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("media.view_video"))


class VideoAddress(ModelAdminURLFinder):
    """Where Wagtail's links to a video lead."""

    edit_url_name = "videos:detail"


register_admin_url_finder(Video, VideoAddress)


@hooks.register("register_admin_urls")
def register_video_addresses() -> list[Any]:
    return [
        path("videos/", include(addresses)),
        path("livestreams/", include(live_addresses)),
    ]


@hooks.register("register_admin_menu_item")
def register_videos_menu_item() -> MenuItem:
    return VideosMenuItem(_("视频"), reverse("videos:listing"), icon_name="media", order=250)


@hooks.register("register_admin_menu_item")
def register_livestreams_menu_item() -> MenuItem:
    return VideosMenuItem(_("直播"), reverse("livestreams:listing"), icon_name="view", order=251)


@hooks.register("register_admin_viewset")
def register_video_chooser() -> VideoChooserViewSet:
    return video_chooser
