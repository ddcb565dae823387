"""What other people's tables hold about a person: sessions, addresses, the admin's logs and drafts."""

from django.contrib.sessions.models import Session
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lms.people.held import MINE, Column, Holding, Keep, Room, hold

Text = str | Promise
BY_ME: Text = _("我做的")


def hold_admins(model: str, title: Text, keys: dict[str, Text], *columns: Column) -> None:
    """A table of the admin: what somebody did there, kept with the courses."""
    hold(
        Holding(
            model=model, room=Room.WORK, title=title, keys=keys, columns=columns, keep=Keep.WORK
        )
    )


hold(
    Holding(
        model="sessions.Session", room=Room.ACCOUNT, title=_("登录会话"), keys={}, keep=Keep.SESSION,
        rows=lambda identity: Session.objects.none(), columns=(Column(_("到期"), "expire_date"),),
        note=_("只存登录凭据，不逐条列出。"),
    )
)  # fmt: skip
hold(
    Holding(
        model="account.EmailAddress", room=Room.ACCOUNT, title=_("登录用的邮箱"),
        keys={"user": MINE}, keep=Keep.PERSON,
        columns=(
            Column(_("邮箱"), "email"), Column(_("已验证"), "verified"), Column(_("主要"), "primary"),
        ),
    )
)  # fmt: skip
hold(
    Holding(
        model="mfa.Authenticator", room=Room.ACCOUNT, title=_("第二重验证"), keys={"user": MINE},
        keep=Keep.PERSON,
        columns=(
            Column(_("方式"), "type"), Column(_("设定时间"), "created_at"),
            Column(_("上次使用"), "last_used_at"),
        ),
    )
)  # fmt: skip
hold(
    Holding(
        model="socialaccount.SocialAccount", room=Room.ACCOUNT, title=_("绑定的统一身份"),
        keys={"user": MINE}, keep=Keep.PERSON,
        columns=(
            Column(_("身份提供方"), "provider"), Column(_("那边的编号"), "uid"),
            Column(_("绑定时间"), "date_joined"), Column(_("上次登录"), "last_login"),
        ),
    )
)  # fmt: skip
hold(
    Holding(
        model="portal.CalendarFeed", room=Room.ACCOUNT, title=_("日历订阅地址"),
        keys={"person": MINE}, keep=Keep.PERSON,
        columns=(Column(_("生成时间"), "created_at"),),
    )
)  # fmt: skip
hold(
    Holding(
        model="wagtailusers.UserProfile", room=Room.ACCOUNT, title=_("后台偏好"),
        keys={"user": MINE}, keep=Keep.PERSON,
        columns=(
            Column(_("语言"), "preferred_language"), Column(_("外观"), "theme"),
            Column(_("密度"), "density"),
        ),
    )
)  # fmt: skip
hold(
    Holding(
        model="wagtailadmin.EditingSession", room=Room.WORK, title=_("正在编辑"),
        keys={"user": MINE}, keep=Keep.SESSION,
        columns=(Column(_("最后一次"), "last_seen_at"), Column(_("在改"), "is_editing")),
    )
)  # fmt: skip
hold(
    Holding(
        model="wagtailadmin.FormState", room=Room.WORK, title=_("没存完的表单"),
        keys={"user": MINE}, keep=Keep.SESSION, columns=(Column(_("更新"), "last_updated_at"),),
    )
)  # fmt: skip
hold_admins(
    "wagtailcore.Page", _("页面"), {"owner": _("我建的"), "locked_by": _("我锁的")},
    Column(_("标题"), "title"), Column(_("首次发布"), "first_published_at"),
)  # fmt: skip
hold_admins(
    "wagtailcore.Revision", _("修改稿"), {"user": BY_ME},
    Column(_("标题"), "object_str"), Column(_("保存时间"), "created_at"),
)  # fmt: skip
hold_admins(
    "wagtailcore.PageLogEntry", _("页面操作"), {"user": BY_ME},
    Column(_("页面"), "label"), Column(_("操作"), "action"), Column(_("时间"), "timestamp"),
)  # fmt: skip
hold_admins(
    "wagtailcore.ModelLogEntry", _("后台操作"), {"user": BY_ME},
    Column(_("对象"), "label"), Column(_("操作"), "action"), Column(_("时间"), "timestamp"),
)  # fmt: skip
hold_admins(
    "wagtailcore.Comment", _("批注"), {"user": BY_ME, "resolved_by": _("我处理的")},
    Column(_("内容"), "text", ("user",)), Column(_("时间"), "created_at"),
)  # fmt: skip
hold_admins(
    "wagtailcore.CommentReply", _("批注回复"), {"user": BY_ME},
    Column(_("内容"), "text"), Column(_("时间"), "created_at"),
)  # fmt: skip
hold_admins(
    "wagtailcore.PageSubscription", _("批注提醒"), {"user": BY_ME},
    Column(_("页面"), "page.title"), Column(_("提醒"), "comment_notifications"),
)  # fmt: skip
hold_admins(
    "wagtailcore.WorkflowState", _("送审"), {"requested_by": _("我送审的")},
    Column(_("状态"), "status"), Column(_("时间"), "created_at"),
)  # fmt: skip
hold_admins(
    "wagtailcore.TaskState", _("审核"), {"finished_by": _("我审的")},
    Column(_("状态"), "status"), Column(_("开始"), "started_at"),
    Column(_("完成"), "finished_at"), Column(_("意见"), "comment"),
)  # fmt: skip
hold_admins(
    "wagtailcore.UploadedFile", _("待处理的上传"), {"uploaded_by_user": _("我上传的")},
    Column(_("文件"), "file"),
)  # fmt: skip
hold_admins(
    "wagtailimages.Image", _("图片"), {"uploaded_by_user": _("我上传的")},
    Column(_("标题"), "title"), Column(_("上传时间"), "created_at"),
)  # fmt: skip
hold_admins(
    "wagtaildocs.Document", _("文档"), {"uploaded_by_user": _("我上传的")},
    Column(_("标题"), "title"), Column(_("上传时间"), "created_at"),
)  # fmt: skip
