"""What a role lets one do, in words: said before it is given, and on one's own page."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.common.wording import full_day_text
from lms.people.roles import GRANTABLE, PERMISSIONS, Permission, Role

BY_PERMISSION = {
    Permission.EDIT_COURSES: gettext_lazy("新建、修改课程包的草稿"),
    Permission.PUBLISH_COURSES: gettext_lazy("发布和撤下课程包"),
    Permission.MANAGE_VIDEOS: gettext_lazy("上传视频、改标题、加字幕"),
    Permission.MANAGE_CLASSES: gettext_lazy("办流动课堂，管名单、签到、请假和结班"),
    Permission.ORDER_CLASSES: gettext_lazy("替单位点单、指派名额"),
    Permission.SEAL_PACKAGES: gettext_lazy("封装、下载、核验归档包"),
    Permission.READ_JOURNAL: gettext_lazy("查看和导出日志"),
    Permission.READ_UNIT_RECORDS: gettext_lazy("看这些单位每个人的学时"),
    Permission.SEE_OPERATIONS: gettext_lazy("看系统运行情况"),
    Permission.READ_PEOPLE: gettext_lazy("看人员名单和每个人的页面"),
    Permission.IMPORT_ROSTER: gettext_lazy("导入名册、办调动、发激活码"),
    Permission.REVEAL_ID_NUMBER: gettext_lazy("写明理由以后，逐个查看身份证号"),
    Permission.MANAGE_UNITS: gettext_lazy("移动、合并单位"),
    Permission.MERGE_PERSONS: gettext_lazy("合并重复的人"),
    Permission.MANAGE_ACCOUNTS: gettext_lazy("停用和恢复账号、重设第二重验证"),
}
# Roles that open rooms built elsewhere, or none beyond what everybody has.
BY_ROLE = {
    Role.LEARNER: gettext_lazy("学课程、看自己的学时档案（每个人本来就可以）"),
    Role.MENTOR: gettext_lazy("带年轻干部，记帮带日志"),
    Role.LECTURER: gettext_lazy("进师资库，被点课和派课"),
}


def abilities_of(role: str) -> list[str]:
    """Short phrases, each what the holder can do in the units of the grant."""
    said = [str(BY_ROLE[Role(role)])] if role in BY_ROLE else []
    granted = PERMISSIONS.get(role, frozenset())
    said += [str(words) for permission, words in BY_PERMISSION.items() if permission in granted]
    if role in GRANTABLE:
        names = role_names(GRANTABLE[role])
        said.append(_("在这些单位授予和收回这些角色：%(roles)s") % {"roles": names})
    return said


def role_names(roles: Iterable[str]) -> str:
    """Names in the order the roles are declared."""
    chosen = set(roles)
    return _("、").join(str(role.label) for role in Role if role in chosen)


def span_words(from_date: date, to_date: date | None) -> str:
    """从2026年11月25日起，到2026年12月31日为止"""
    begins = _("从%(day)s起") % {"day": full_day_text(from_date)}
    if to_date is None:
        return begins
    return _("%(begins)s，到%(day)s为止") % {"begins": begins, "day": full_day_text(to_date)}
