"""What this app holds about a person, account and sign-ins included."""

from django.utils.translation import gettext_lazy as _

from lms.common.masking import masked_id_number
from lms.people.held import MINE, Column, Holding, Keep, Room, hold
from lms.people.models import Person

ABOUT_ME = ("kept", "merged")

hold(
    Holding(
        model="people.Person", room=Room.PROFILE, title=_("基本资料"), keep=Keep.PERSON,
        keys={"merged_into": _("并入我的账号")},
        rows=lambda identity: Person.objects.filter(pk__in=identity),
        columns=(
            Column(_("人员编号"), "staff_number"),
            Column(_("姓名"), "name"),
            Column(_("拼音首字母"), "pinyin_initials"),
            Column(_("手机号"), "phone"),
            Column(_("邮箱"), "email"),
            Column(_("身份证号（脱敏）"), lambda person: masked_id_number(person.id_number)),
            Column(_("启用"), "is_active"),
            Column(_("建档时间"), "created_at"),
            Column(_("上次登录"), "last_login"),
        ),
    )
)  # fmt: skip
hold(
    Holding(
        model="people.Posting", room=Room.PROFILE, title=_("任职"), keys={"person": MINE},
        keep=Keep.RECORD, order="-from_date",
        columns=(
            Column(_("单位"), "unit.name"), Column(_("职务"), "title"),
            Column(_("职务层次"), "post_level"), Column(_("职级"), "rank"),
            Column(_("任职起"), "from_date"), Column(_("任职止"), "to_date"),
        ),
    )
)  # fmt: skip
hold(
    Holding(
        model="people.RoleGrant", room=Room.ACCOUNT, title=_("角色授权"), keep=Keep.RECORD,
        keys={"person": _("授予我"), "granted_by": _("由我授予"), "revoked_by": _("由我收回")}, order="-from_date",
        columns=(
            Column(_("角色"), "role"), Column(_("单位"), "unit.name"),
            Column(_("起"), "from_date"), Column(_("止"), "to_date"),
            Column(_("授予人"), "granted_by.name"), Column(_("授予时间"), "granted_at"),
            Column(_("收回日期"), "revoked_on"), Column(_("收回人"), "revoked_by.name"),
        ),
    )
)  # fmt: skip
hold(
    Holding(
        model="people.Person_groups", room=Room.ACCOUNT, title=_("后台分组"), keys={"person": MINE},
        keep=Keep.PERSON, columns=(Column(_("分组"), "group.name"),),
    )
)  # fmt: skip
hold(
    Holding(
        model="people.Person_user_permissions", room=Room.ACCOUNT, title=_("单独授权"),
        keys={"person": MINE}, keep=Keep.PERSON, columns=(Column(_("权限"), "permission.name"),),
    )
)  # fmt: skip
hold(
    Holding(
        model="people.CorrectionRequest", room=Room.PROFILE, title=_("更正申请"), keep=Keep.PERSON,
        keys={"person": _("我申请的"), "answered_by": _("我答复的")}, order="-asked_at",
        columns=(
            Column(_("哪一项"), "about"), Column(_("申请时间"), "asked_at"),
            Column(_("现在哪里不对"), "wrong", ("person",)),
            Column(_("应该是什么"), "wished", ("person",)),
            Column(_("状态"), "state"), Column(_("答复"), "answer"),
            Column(_("答复人"), "answered_by.name"), Column(_("答复时间"), "answered_at"),
        ),
    )
)  # fmt: skip
hold(
    Holding(
        model="people.PersonMerge", room=Room.PROFILE, title=_("账号合并"), keep=Keep.RECORD,
        keys={
            "kept": _("保留的是我"), "merged": _("并入的是我"), "by": _("我合并的"),
            "undone_by": _("我撤销的"),
        },
        columns=(
            Column(_("保留的账号"), "kept.staff_number", ABOUT_ME),
            Column(_("并入的账号"), "merged.staff_number", ABOUT_ME),
            Column(_("时间"), "at"), Column(_("经办人"), "by.name"), Column(_("理由"), "reason"),
            Column(_("撤销时间"), "undone_at"), Column(_("撤销理由"), "undone_reason"),
        ),
    )
)  # fmt: skip
hold(
    Holding(
        model="people.RosterImport", room=Room.WORK, title=_("导入的名册"), keep=Keep.WORK,
        keys={"created_by": _("我导入的")},
        columns=(
            Column(_("文件名"), "file_name"), Column(_("时间"), "created_at"),
            Column(_("状态"), "state"), Column(_("新增"), "created"), Column(_("变动"), "updated"),
        ),
    )
)  # fmt: skip
hold(
    Holding(
        model="people.UnitChange", room=Room.WORK, title=_("单位变更"), keep=Keep.RECORD,
        keys={"by": _("我办的")},
        columns=(
            Column(_("单位"), "unit.name"), Column(_("变更"), "kind"),
            Column(_("理由"), "reason"), Column(_("时间"), "at"),
        ),
    )
)  # fmt: skip
hold(
    Holding(
        model="people.SignIn", room=Room.ACCOUNT, title=_("登录记录"), keep=Keep.SIGN_IN,
        keys={"person": MINE}, order="-at",
        columns=(
            Column(_("登录时间"), "at"), Column(_("方式"), "way"),
            Column(_("有第二重验证"), "has_second_factor"), Column(_("来源地址"), "address"),
            Column(_("浏览器"), "agent"), Column(_("结束时间"), "ended_at"),
            Column(_("结束原因"), "end"),
        ),
    )
)  # fmt: skip
hold(
    Holding(
        model="people.ActivationCode", room=Room.ACCOUNT, title=_("激活码"), keep=Keep.PERSON,
        keys={"person": _("发给我的"), "issued_by": _("我发的")}, order="-issued_at",
        columns=(
            Column(_("发放时间"), "issued_at"), Column(_("发放人"), "issued_by.name"),
            Column(_("失效时间"), "expires_at"), Column(_("使用时间"), "used_at"),
            Column(_("作废时间"), "revoked_at"),
        ),
    )
)  # fmt: skip
hold(
    Holding(
        model="people.FormerPassword", room=Room.ACCOUNT, title=_("用过的密码"),
        keys={"person": MINE}, keep=Keep.PERSON, columns=(Column(_("设定时间"), "set_at"),),
        note=_("只存算出的指纹，为了不让旧密码再用；谁也看不到密码本身。"),
    )
)  # fmt: skip
