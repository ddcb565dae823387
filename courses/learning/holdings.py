"""How far a person is in which course."""

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from courses.catalogue.models import CoursePackagePage, CourseUnit
from lms.people.held import MINE, Column, Holding, Keep, Room, hold

PACKAGE = Subquery(
    CoursePackagePage.objects.filter(key=OuterRef("package_key")).values("title")[:1]
)
UNIT = Subquery(CourseUnit.objects.filter(key=OuterRef("unit_key")).values("title")[:1])

hold(
    Holding(
        model="learning.Enrolment", room=Room.LEARNING, title=_("学习登记"), keep=Keep.RECORD,
        keys={"person": MINE}, order="-last_seen_at", annotations={"package_title": PACKAGE},
        columns=(
            Column(_("课程"), "package_title"),
            Column(_("当时任职单位"), "posting.unit.name"),
            Column(_("开始"), "started_at"),
            Column(_("最后一次学习"), "last_seen_at"),
        ),
    )
)  # fmt: skip
hold(
    Holding(
        model="learning.UnitProgress", room=Room.LEARNING, title=_("单元进度"), keep=Keep.RECORD,
        keys={"person": MINE}, order="-updated_at",
        annotations={"package_title": PACKAGE, "unit_title": UNIT},
        columns=(
            Column(_("课程"), "package_title"), Column(_("单元"), "unit_title"),
            Column(_("状态"), "status"), Column(_("看过的秒数"), "covered_seconds"),
            Column(_("需要的秒数"), "needed_seconds"), Column(_("学完"), "completed_at"),
            Column(_("学时"), "hours"), Column(_("更新"), "updated_at"),
        ),
    )
)  # fmt: skip
hold(
    Holding(
        model="learning.LectureNote", room=Room.LEARNING, title=_("笔记"), keep=Keep.OWN,
        keys={"person": MINE}, order="-changed_at",
        annotations={"package_title": PACKAGE, "unit_title": UNIT},
        columns=(
            Column(_("课程"), "package_title"), Column(_("单元"), "unit_title"),
            Column(_("第几秒"), "at_seconds"), Column(_("笔记"), "text"),
            Column(_("写下"), "written_at"), Column(_("修改"), "changed_at"),
        ),
    )
)  # fmt: skip
