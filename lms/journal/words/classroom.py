"""Attendance: rosters, sign-in, leave and what people decide."""

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
}
