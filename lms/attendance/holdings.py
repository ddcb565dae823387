"""What attendance keeps about a person, and what they did for others."""

from django.utils.translation import gettext_lazy as _

from lms.people.held import MINE, Column, Holding, Keep, Room, hold

OWN = ("person",)

hold(
    Holding(
        model="attendance.Expected", room=Room.LEARNING, title=_("应到名单"), keep=Keep.RECORD,
        keys={"person": MINE, "added_by": _("我列入的")}, order="-added_at",
        columns=(
            Column(_("场次"), "occasion.title"), Column(_("来源"), "via", OWN),
            Column(_("当时任职单位"), "posting.unit.name", OWN),
            Column(_("列入时间"), "added_at"), Column(_("退出时间"), "withdrawn_at", OWN),
        ),
    )
)  # fmt: skip
hold(
    Holding(
        model="attendance.Scan", room=Room.LEARNING, title=_("签到记录"), keep=Keep.RECORD,
        keys={"person": MINE, "by": _("我登记的"), "witness": _("我见证的")},
        order="-happened_at",
        columns=(
            Column(_("场次"), "occasion.title"), Column(_("签到或签退"), "direction", OWN),
            Column(_("方式"), "method", OWN), Column(_("时间"), "happened_at"),
            Column(_("收到"), "received_at"), Column(_("说明"), "note", OWN),
            Column(_("存疑"), "doubt", OWN),
        ),
    )
)  # fmt: skip
hold(
    Holding(
        model="attendance.Decision", room=Room.LEARNING, title=_("考勤决定"), keep=Keep.RECORD,
        keys={"person": MINE, "decided_by": _("我决定的")}, order="-decided_at",
        columns=(
            Column(_("场次"), "occasion.title"), Column(_("决定"), "ruling", OWN),
            Column(_("理由"), "reason", OWN), Column(_("决定时间"), "decided_at"),
        ),
    )
)  # fmt: skip
hold(
    Holding(
        model="attendance.LeaveRequest", room=Room.LEARNING, title=_("请假"), keep=Keep.RECORD,
        keys={"person": MINE, "decided_by": _("我审批的")}, order="-asked_at",
        columns=(
            Column(_("场次"), "occasion.title"), Column(_("类型"), "kind", OWN),
            Column(_("事由"), "reason", OWN), Column(_("状态"), "state"),
            Column(_("答复"), "answer"), Column(_("申请时间"), "asked_at"),
        ),
    )
)  # fmt: skip
hold(
    Holding(
        model="attendance.Device", room=Room.WORK, title=_("签到设备"), keep=Keep.WORK,
        keys={"holder": MINE}, order="-registered_at",
        columns=(
            Column(_("设备"), "label"), Column(_("登记时间"), "registered_at"),
            Column(_("停用时间"), "revoked_at"),
        ),
    )
)  # fmt: skip
