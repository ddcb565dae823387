"""What the mobile classroom keeps about a person."""

from django.utils.translation import gettext_lazy as _

from lms.people.held import MINE, Column, Holding, Keep, Room, hold

OWN = ("person",)

hold(
    Holding(
        model="classroom.SignUp", room=Room.LEARNING, title=_("流动课堂报名"), keep=Keep.RECORD,
        keys={"person": MINE, "asked_by": _("我替别人报的")}, order="-asked_at",
        columns=(
            Column(_("流动课堂"), "stop.trip.title"), Column(_("专题"), "stop.topic.title"),
            Column(_("开始"), "stop.starts_at"), Column(_("状态"), "state", OWN),
            Column(_("来源"), "via", OWN), Column(_("报名时间"), "asked_at"),
            Column(_("候补转正"), "promoted_at", OWN), Column(_("退出时间"), "withdrawn_at", OWN),
        ),
    )
)  # fmt: skip
hold(
    Holding(
        model="classroom.Lecturer", room=Room.WORK, title=_("师资库"), keep=Keep.WORK,
        keys={"person": MINE}, order="pk",
        columns=(
            Column(_("姓名"), "name"), Column(_("类型"), "kind"), Column(_("师资库"), "unit.name"),
            Column(_("简介"), "introduction"), Column(_("退出师资库"), "retired_at"),
        ),
    )
)  # fmt: skip
hold(
    Holding(
        model="classroom.Trip", room=Room.WORK, title=_("我带队的流动课堂"), keep=Keep.WORK,
        keys={"manager": MINE}, order="-departs_at",
        columns=(
            Column(_("名称"), "title"), Column(_("主办单位"), "host_unit.name"),
            Column(_("出发"), "departs_at"), Column(_("状态"), "state"),
        ),
    )
)  # fmt: skip
