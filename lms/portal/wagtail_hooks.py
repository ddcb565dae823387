"""The admin as a Chinese workplace: our desk, a short menu, our colours, no way out to other sites."""

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component

from lms.common.clock import database_now
from lms.portal.desk import panels_of

# Help leads to other sites; pages are reached by 课程; the rest is closed (lms.portal.admin_gate).
NEVER_SHOWN = {"help", "explorer", "reports", "settings", "images", "documents", "snippets"}
AFTER_ALL_OTHERS = 100


@hooks.register("construct_homepage_panels", order=AFTER_ALL_OTHERS)
def lay_out_desk(request: HttpRequest, panels: list[Component]) -> None:
    panels[:] = panels_of(request, database_now())


@hooks.register("construct_main_menu", order=AFTER_ALL_OTHERS)
def shorten_menu(request: HttpRequest, items: list[MenuItem]) -> None:
    items[:] = [item for item in items if item.name not in NEVER_SHOWN]


@hooks.register("construct_search", order=AFTER_ALL_OTHERS)
def search_in_the_listing_only(request: HttpRequest, areas: list[MenuItem]) -> None:
    """Wagtail's search box would look through every unit's drafts; 课程 has one of its own."""
    areas.clear()


@hooks.register("register_admin_menu_item")
def register_way_back() -> MenuItem:
    # Wagtail marks the entry whose address begins the page's own: a bare "/" would always be marked.
    return MenuItem(_("回到网站"), "/#main", name="site", icon_name="home", order=9900)


@hooks.register("insert_global_admin_css")
def our_colours() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("admin/admin.css"))
