"""An announced livestream in a package of its own: take its stream key and send, as a lecturer would."""

from datetime import datetime, timedelta

from courses.catalogue.models import CatalogueIndexPage, CoursePackagePage, CourseUnit
from lms.people.models import Person, Unit
from media.live.services import announce
from media.models import Livestream

TITLE = "冬季防火：一线值守的三张清单"
LECTURER = "徐建平"
SLUG = "zhibo-ketang"


def seed_livestream(*, unit: Unit, by: Person, at: datetime) -> Livestream | None:
    """None where the package is there already."""
    if CoursePackagePage.objects.filter(slug=SLUG).exists():
        return None
    livestream = announce(
        title=TITLE, lecturer=LECTURER, owner_unit=unit, starts_at=at,
        ends_at=at + timedelta(days=7), by=by, at=at,
    )  # fmt: skip
    page = CoursePackagePage(
        title="直播课堂：冬季安全值守", slug=SLUG, owner=by, owner_unit=unit, lecturer_name=LECTURER,
        topic="governance", summary="在岗位上听，听不全的看回放补齐，合起来算一次学时。",
    )  # fmt: skip
    page.units = [CourseUnit(kind="video", title=TITLE, video=livestream.video, sort_order=0)]
    CatalogueIndexPage.objects.get().add_child(instance=page)
    page.save_revision().publish()
    return livestream
