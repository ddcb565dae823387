"""What a person watched, and the videos they brought."""

from django.utils.translation import gettext_lazy as _

from lms.people.held import MINE, Column, Holding, Keep, Room, hold

hold(
    Holding(
        model="media.ViewingSession", room=Room.LEARNING, title=_("观看记录"), keep=Keep.RECORD,
        keys={"person": MINE}, order="-last_beat_at",
        columns=(
            Column(_("视频"), "video.title"), Column(_("看过的秒"), "watched"),
            Column(_("直播时看的秒"), "watched_live"), Column(_("点名未应答的秒"), "unattended"),
            Column(_("停在第几秒"), "position_seconds"), Column(_("片长（秒）"), "duration_seconds"),
            Column(_("当时任职单位"), "posting.unit.name"), Column(_("开始"), "opened_at"),
            Column(_("最后一次观看"), "last_beat_at"), Column(_("入账"), "settled_at"),
        ),
    )
)  # fmt: skip
hold(
    Holding(
        model="media.ViewerClock", room=Room.LEARNING, title=_("观看时钟"), keep=Keep.PERSON,
        keys={"person": MINE}, columns=(Column(_("已计到"), "consumed_until"), Column(_("累计计入"), "spent")),
    )
)  # fmt: skip
hold(
    Holding(
        model="media.OfflinePack", room=Room.LEARNING, title=_("离线课程"), keep=Keep.RECORD,
        keys={"person": MINE}, order="-issued_at",
        columns=(
            Column(_("视频"), "video.title"), Column(_("下载时间"), "issued_at"),
            Column(_("到期"), "expires_at"), Column(_("最近补记"), "returned_at"),
            Column(_("放弃时间"), "given_up_at"), Column(_("离线看过的秒"), "returned_ranges"),
        ),
    )
)  # fmt: skip
hold(
    Holding(
        model="media.LiveQuestion", room=Room.LEARNING, title=_("直播提问"), keep=Keep.WORK,
        keys={"person": _("我提的"), "answered_by": _("我答的")}, order="-asked_at",
        columns=(
            Column(_("直播"), "livestream.video.title"), Column(_("时间"), "asked_at"),
            Column(_("提问"), "text", keys=("person",)), Column(_("答复"), "answer"),
        ),
    )
)  # fmt: skip
hold(
    Holding(
        model="media.Video", room=Room.WORK, title=_("上传的视频"), keep=Keep.WORK,
        keys={"uploaded_by": _("我上传的")}, order="-created_at",
        columns=(
            Column(_("标题"), "title"), Column(_("原文件名"), "source_name"),
            Column(_("状态"), "state"), Column(_("上传时间"), "created_at"),
        ),
    )
)  # fmt: skip
hold(
    Holding(
        model="media.Upload", room=Room.WORK, title=_("传到一半的视频"), keep=Keep.WORK,
        keys={"person": _("我上传的")}, order="-created_at",
        columns=(
            Column(_("标题"), "title"), Column(_("原文件名"), "file_name"),
            Column(_("状态"), "state"), Column(_("上传时间"), "created_at"),
        ),
    )
)  # fmt: skip
