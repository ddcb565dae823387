"""Mobile classrooms and attendance: trips, seats, rosters, sign-in, leave and what people decide."""

from django.utils.translation import gettext_lazy

from lms.journal.words.base import Words

CLASSROOM: dict[str, Words] = {
    "attendance.occasion_opened": Words(
        gettext_lazy("建立考勤场次"), gettext_lazy("%(who)s建立了考勤场次%(object)s。")
    ),
    "attendance.occasion_changed": Words(
        gettext_lazy("修改考勤场次"), gettext_lazy("%(who)s修改了考勤场次%(object)s。")
    ),
    "attendance.expected": Words(
        gettext_lazy("列入应到名单"),
        gettext_lazy("%(who)s把 %(persons)s 人列入%(object)s的应到名单。"),
    ),
    "attendance.unexpected": Words(
        gettext_lazy("移出应到名单"), gettext_lazy("%(who)s把%(subject)s移出%(object)s的应到名单。")
    ),
    "attendance.device_registered": Words(
        gettext_lazy("登记签到设备"), gettext_lazy("%(who)s登记了签到设备%(object)s。")
    ),
    "attendance.device_revoked": Words(
        gettext_lazy("停用签到设备"), gettext_lazy("%(who)s停用了签到设备%(object)s。")
    ),
    "attendance.pack_issued": Words(
        gettext_lazy("下载离线签到包"),
        gettext_lazy("%(who)s下载了 %(occasions)s 场的离线签到包。"),
    ),
    "attendance.scans_received": Words(
        gettext_lazy("上传离线签到"),
        gettext_lazy("%(who)s上传了 %(scans)s 条签到，其中 %(doubted)s 条存疑。"),
    ),
    "attendance.signed_in": Words(
        gettext_lazy("扫现场码签到"), gettext_lazy("%(who)s在%(object)s扫现场码签到。")
    ),
    "attendance.sign_in_refused": Words(
        gettext_lazy("签到被拒绝"),
        gettext_lazy("%(who)s在%(object)s签到。"),
        gettext_lazy("%(who)s想在%(object)s签到，被拒绝。"),
    ),
    "attendance.decided": Words(
        gettext_lazy("决定考勤"), gettext_lazy("%(who)s就%(subject)s的考勤作出决定：%(object)s。")
    ),
    "attendance.leave_asked": Words(
        gettext_lazy("请假"), gettext_lazy("%(who)s请假：%(object)s。")
    ),
    "attendance.leave_answered": Words(
        gettext_lazy("审批请假"), gettext_lazy("%(who)s审批了%(subject)s的请假。")
    ),
    "attendance.leave_withdrawn": Words(
        gettext_lazy("撤回请假"), gettext_lazy("%(who)s撤回了请假：%(object)s。")
    ),
    "classroom.trip_planned": Words(
        gettext_lazy("筹备流动课堂"), gettext_lazy("%(who)s筹备了流动课堂%(object)s。")
    ),
    "classroom.trip_changed": Words(
        gettext_lazy("修改流动课堂"), gettext_lazy("%(who)s修改了流动课堂%(object)s的安排。")
    ),
    "classroom.trip_announced": Words(
        gettext_lazy("发布流动课堂"), gettext_lazy("%(who)s发布了流动课堂%(object)s。")
    ),
    "classroom.trip_cancelled": Words(
        gettext_lazy("取消流动课堂"), gettext_lazy("%(who)s取消了流动课堂%(object)s。")
    ),
    "classroom.seats_set": Words(
        gettext_lazy("设定名额"), gettext_lazy("%(who)s把%(object)s一站的名额定为 %(seats)s 席。")
    ),
    "classroom.signed_up": Words(
        gettext_lazy("流动课堂报名"), gettext_lazy("%(who)s给%(subject)s报名：%(object)s。")
    ),
    "classroom.promoted": Words(
        gettext_lazy("候补转正"), gettext_lazy("%(subject)s由候补转为正式名额：%(object)s。")
    ),
    "classroom.withdrawn": Words(
        gettext_lazy("退出流动课堂"), gettext_lazy("%(who)s替%(subject)s退出：%(object)s。")
    ),
}
