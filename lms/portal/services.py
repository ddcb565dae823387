"""Sets up the page tree and what staff groups may do in it. Running it again changes nothing."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import GroupPagePermission, Page, Site

from courses.catalogue.models import CatalogueIndexPage
from lms.people.groups import STAFF_GROUPS
from lms.people.roles import Permission as StaffPermission
from lms.portal.models import HomePage

AUTHOR_PAGES = ("add_page", "change_page")
PUBLISHER_PAGES = ("add_page", "change_page", "publish_page", "lock_page", "unlock_page")
VIDEO_PERMISSIONS = ("add_video", "change_video", "view_video")


@transaction.atomic
def install_site(
    *, hostname: str, port: int, site_name: str, headline: str, intro: str
) -> HomePage:
    """The portal page, the catalogue under it, the default site and the staff groups' permissions."""
    home = HomePage.objects.first() or _make_home(headline, intro)
    catalogue = CatalogueIndexPage.objects.first()
    if catalogue is None:
        catalogue = home.add_child(instance=CatalogueIndexPage(title="课程", slug="courses"))
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={
            "hostname": hostname,
            "port": port,
            "root_page": home,
            "site_name": site_name,
        },
    )
    _permit(StaffPermission.EDIT_COURSES, catalogue, AUTHOR_PAGES)
    _permit(StaffPermission.PUBLISH_COURSES, catalogue, PUBLISHER_PAGES)
    _permit(StaffPermission.MANAGE_VIDEOS, catalogue, (), VIDEO_PERMISSIONS)
    return home


def _make_home(headline: str, intro: str) -> HomePage:
    root = Page.get_first_root_node()
    for welcome in root.get_children().filter(slug="home"):
        welcome.delete()  # the page Wagtail's own migration puts there
    home = HomePage(title="强基", slug="home", headline=headline, intro=intro)
    return root.add_child(instance=home)


def _permit(
    permission: StaffPermission,
    catalogue: Page,
    page_permissions: tuple[str, ...],
    video_permissions: tuple[str, ...] = (),
) -> None:
    """Exactly these rights for the group of a permission; what else it had goes."""
    group, _created = Group.objects.get_or_create(name=STAFF_GROUPS[permission])
    admin = Permission.objects.get(codename="access_admin", content_type__app_label="wagtailadmin")
    videos = Permission.objects.filter(
        codename__in=video_permissions, content_type__app_label="media"
    )
    group.permissions.set([admin, *videos])
    GroupPagePermission.objects.filter(group=group).exclude(
        page=catalogue, permission__codename__in=page_permissions
    ).delete()
    for codename in page_permissions:
        granted = Permission.objects.get(
            codename=codename, content_type__app_label="wagtailcore", content_type__model="page"
        )
        GroupPagePermission.objects.get_or_create(group=group, page=catalogue, permission=granted)
