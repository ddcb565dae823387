"""People, their roles, postings, units and rosters; whose data was read."""

from django.utils.translation import gettext_lazy

from lms.journal.words.base import Words

PEOPLE: dict[str, Words] = {
    "people.data_read": Words(
        gettext_lazy("查看个人资料"), gettext_lazy("%(who)s查看了%(object)s的资料。")
    ),
    "people.id_number_revealed": Words(
        gettext_lazy("查看身份证号"),
        gettext_lazy("%(who)s查看了%(object)s的身份证号。"),
        gettext_lazy("%(who)s想查看%(object)s的身份证号，被拒绝。"),
    ),
    "people.own_data_exported": Words(
        gettext_lazy("导出本人资料"), gettext_lazy("%(who)s导出了自己的全部资料。")
    ),
    "calendar.opened": Words(
        gettext_lazy("生成日历订阅地址"), gettext_lazy("%(who)s生成了自己的日历订阅地址。")
    ),
    "calendar.revoked": Words(
        gettext_lazy("作废日历订阅地址"), gettext_lazy("%(who)s作废了自己的日历订阅地址。")
    ),
    "people.correction_asked": Words(
        gettext_lazy("申请更正资料"),
        gettext_lazy("%(who)s申请更正自己的资料。"),
        gettext_lazy("%(who)s申请更正自己的资料，没有收下。"),
    ),
    "people.correction_answered": Words(
        gettext_lazy("答复更正申请"),
        gettext_lazy("%(who)s答复了%(object)s。"),
        gettext_lazy("%(who)s答复%(object)s，没有成功。"),
    ),
    "people.list_read": Words(
        gettext_lazy("查看人员名单"),
        gettext_lazy("%(who)s查看了人员名单，显示 %(shown)s 人。"),
    ),
    "people.list_exported": Words(
        gettext_lazy("导出人员名单"),
        gettext_lazy("%(who)s导出了 %(people)s 人的名单。"),
    ),
    "people.first_administrator": Words(
        gettext_lazy("设第一位系统管理员"),
        gettext_lazy("系统设了第一位系统管理员。"),
        gettext_lazy("没有设成第一位系统管理员。"),
    ),
    "people.role_granted": Words(
        gettext_lazy("授予角色"),
        gettext_lazy("%(who)s授予%(object)s%(role)s角色。"),
        gettext_lazy("%(who)s想授予%(object)s%(role)s角色，被拒绝。"),
    ),
    "people.role_revoked": Words(
        gettext_lazy("收回角色"),
        gettext_lazy("%(who)s收回了%(object)s的%(role)s角色。"),
        gettext_lazy("%(who)s想收回%(object)s的%(role)s角色，被拒绝。"),
    ),
    "people.account_suspended": Words(
        gettext_lazy("停用账号"),
        gettext_lazy("%(who)s停用了%(object)s的账号。"),
        gettext_lazy("%(who)s想停用%(object)s的账号，被拒绝。"),
    ),
    "people.account_reopened": Words(
        gettext_lazy("恢复账号"),
        gettext_lazy("%(who)s恢复了%(object)s的账号。"),
        gettext_lazy("%(who)s想恢复%(object)s的账号，被拒绝。"),
    ),
    "people.transferred": Words(
        gettext_lazy("办理调动"),
        gettext_lazy("%(who)s给%(object)s办了调动。"),
        gettext_lazy("%(who)s想给%(object)s办调动，没有办成。"),
    ),
    "people.posting_corrected": Words(
        gettext_lazy("更正任职"),
        gettext_lazy("%(who)s更正了%(object)s的任职。"),
        gettext_lazy("%(who)s想更正%(object)s的任职，没有改。"),
    ),
    "people.persons_merged": Words(
        gettext_lazy("合并重复的人"),
        gettext_lazy("%(who)s把 %(merged)s 并入%(object)s。"),
        gettext_lazy("%(who)s想合并%(object)s和另一个账号，没有合并。"),
    ),
    "people.merge_undone": Words(
        gettext_lazy("撤销合并"),
        gettext_lazy("%(who)s撤销了 %(merged)s 并入%(object)s的合并。"),
        gettext_lazy("%(who)s想撤销%(object)s的一次合并，没有撤销。"),
    ),
    "people.unit_renamed": Words(
        gettext_lazy("单位改名"),
        gettext_lazy("%(who)s给%(object)s改了名。"),
        gettext_lazy("%(who)s想给%(object)s改名，没有改。"),
    ),
    "people.unit_moved": Words(
        gettext_lazy("移动单位"),
        gettext_lazy("%(who)s移动了%(object)s。"),
        gettext_lazy("%(who)s想移动%(object)s，没有移。"),
    ),
    "people.unit_merged": Words(
        gettext_lazy("合并单位"),
        gettext_lazy("%(who)s把%(object)s并入了另一个单位。"),
        gettext_lazy("%(who)s想把%(object)s并入另一个单位，没有并。"),
    ),
    "people.roster_received": Words(
        gettext_lazy("上传名册"),
        gettext_lazy("%(who)s上传了名册%(object)s。"),
        gettext_lazy("%(who)s上传的名册没有收下。"),
    ),
    "people.roster_imported": Words(
        gettext_lazy("导入名册"),
        gettext_lazy(
            "%(who)s导入了名册%(object)s：新增 %(created)s 人，变动 %(updated)s 人，没有导入 %(rejected)s 行。"
        ),
        gettext_lazy("%(who)s的名册没有导入。"),
    ),
    "people.roster_cancelled": Words(
        gettext_lazy("取消导入"),
        gettext_lazy("%(who)s取消了导入%(object)s。"),
    ),
}
