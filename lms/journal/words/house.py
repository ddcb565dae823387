"""Access, hours, archive packages, courses, videos, and the journal itself."""

from django.utils.translation import gettext_lazy

from lms.journal.words.base import Words

HOUSE: dict[str, Words] = {
    # Access
    "access.page_refused": Words(
        gettext_lazy("打开无权的页面"),
        gettext_lazy("%(who)s打开了 %(path)s。"),
        gettext_lazy("%(who)s想打开 %(path)s，没有这个权限，被拒绝。"),
    ),
    "access.object_refused": Words(
        gettext_lazy("查看范围外的对象"),
        gettext_lazy("%(who)s查看了%(object)s。"),
        gettext_lazy("%(who)s想查看%(object)s，不在其范围内，被拒绝。"),
    ),
    "access.write_refused": Words(
        gettext_lazy("办理范围外的事"),
        gettext_lazy("%(who)s提交了 %(path)s。"),
        gettext_lazy("%(who)s向 %(path)s 提交了内容，没有这个权限，被拒绝。"),
    ),
    # Journal
    "journal.read": Words(gettext_lazy("查看日志"), gettext_lazy("%(who)s查看了日志。")),
    "journal.row_read": Words(
        gettext_lazy("查看一条日志"), gettext_lazy("%(who)s查看了%(object)s。")
    ),
    "journal.exported": Words(
        gettext_lazy("导出日志"),
        gettext_lazy("%(who)s导出了 %(rows)s 条日志。"),
        gettext_lazy("%(who)s想导出日志，条数太多，没有导出。"),
    ),
    # Hours
    "credits.policy_added": Words(
        gettext_lazy("发布学时规则"), gettext_lazy("%(who)s发布了学时规则%(object)s。")
    ),
    "credits.entry_posted": Words(
        gettext_lazy("学时入账"), gettext_lazy("%(who)s给%(subject)s记入一笔学时：%(object)s。")
    ),
    "credits.entry_reversed": Words(
        gettext_lazy("冲销学时"), gettext_lazy("%(who)s冲销了%(subject)s的一笔学时：%(object)s。")
    ),
    # Archive
    "archive.package_requested": Words(
        gettext_lazy("申请封装"), gettext_lazy("%(who)s申请封装%(object)s。")
    ),
    "archive.package_sealed": Words(
        gettext_lazy("封装完成"), gettext_lazy("%(who)s申请的%(object)s已封装。")
    ),
    "archive.package_failed": Words(
        gettext_lazy("封装没有成功"),
        gettext_lazy("%(object)s没有封装成功。"),
        gettext_lazy("%(who)s申请的%(object)s没有封装成功。"),
    ),
    "archive.nothing_new": Words(
        gettext_lazy("没有新的可封装"), gettext_lazy("%(who)s申请封装，没有新的学时。")
    ),
    "archive.package_verified": Words(
        gettext_lazy("核验封装包"), gettext_lazy("%(who)s核验了%(object)s。")
    ),
    "archive.package_downloaded": Words(
        gettext_lazy("下载封装包"), gettext_lazy("%(who)s下载了%(object)s。")
    ),
    "archive.samples_read": Words(
        gettext_lazy("查看封装包样行"), gettext_lazy("%(who)s查看了%(object)s里的人员样行。")
    ),
    # Courses and livestream pages
    "course.created": Words(
        gettext_lazy("新建课程包"), gettext_lazy("%(who)s新建了课程包「%(title)s」。")
    ),
    "course.published": Words(
        gettext_lazy("发布课程包"), gettext_lazy("%(who)s发布了课程包「%(title)s」。")
    ),
    "course.unpublished": Words(
        gettext_lazy("撤下课程包"), gettext_lazy("%(who)s撤下了课程包「%(title)s」。")
    ),
    "course.deleted": Words(
        gettext_lazy("删除课程包"), gettext_lazy("%(who)s删除了课程包「%(title)s」。")
    ),
    "live_page.created": Words(
        gettext_lazy("新建直播页面"), gettext_lazy("%(who)s新建了直播页面「%(title)s」。")
    ),
    "live_page.published": Words(
        gettext_lazy("发布直播页面"), gettext_lazy("%(who)s发布了直播页面「%(title)s」。")
    ),
    "live_page.unpublished": Words(
        gettext_lazy("撤下直播页面"), gettext_lazy("%(who)s撤下了直播页面「%(title)s」。")
    ),
    "live_page.deleted": Words(
        gettext_lazy("删除直播页面"), gettext_lazy("%(who)s删除了直播页面「%(title)s」。")
    ),
    # Videos
    "live.announced": Words(
        gettext_lazy("新建直播"), gettext_lazy("%(who)s新建了直播%(object)s。")
    ),
    "live.revised": Words(
        gettext_lazy("改直播"), gettext_lazy("%(who)s改了直播%(object)s的时间或主讲人。")
    ),
    "live.key_issued": Words(
        gettext_lazy("取推流码"), gettext_lazy("%(who)s给直播%(object)s取了新的推流码。")
    ),
    "live.key_revoked": Words(
        gettext_lazy("作废推流码"), gettext_lazy("%(who)s作废了直播%(object)s的推流码。")
    ),
    "live.publishing": Words(
        gettext_lazy("推流"),
        gettext_lazy("直播%(object)s收到第 %(take)s 段信号。"),
        gettext_lazy("有人想给直播%(object)s推流，被拒绝。"),
    ),
    "live.interrupted": Words(
        gettext_lazy("信号断开"), gettext_lazy("直播%(object)s的第 %(take)s 段信号断开了。")
    ),
    "live.ended": Words(gettext_lazy("结束直播"), gettext_lazy("%(who)s结束了直播%(object)s。")),
    "live.question_asked": Words(
        gettext_lazy("直播提问"), gettext_lazy("%(who)s在直播%(object)s提了一个问题。")
    ),
    "live.question_shown": Words(
        gettext_lazy("公开提问"),
        gettext_lazy("%(who)s公开了直播%(object)s的一个提问：%(question)s"),
    ),
    "live.question_set_aside": Words(
        gettext_lazy("不公开提问"),
        gettext_lazy("%(who)s没有公开直播%(object)s的一个提问：%(question)s"),
    ),
    "live.question_answered": Words(
        gettext_lazy("答复提问"),
        gettext_lazy("%(who)s答复了直播%(object)s的一个提问：%(question)s"),
    ),
    "live.recorded": Words(
        gettext_lazy("直播录制"),
        gettext_lazy("直播%(object)s的录制收好了，开始转码。"),
        gettext_lazy("直播%(object)s的录制没有拼成，回放仍用直播时的分片。"),
    ),
    "video.upload": Words(
        gettext_lazy("上传视频"),
        gettext_lazy("%(who)s上传了视频%(object)s。"),
        gettext_lazy("%(who)s上传的视频没有收下。"),
    ),
    "video.ready": Words(gettext_lazy("视频转码完成"), gettext_lazy("视频%(object)s可以播放了。")),
    "video.failed": Words(
        gettext_lazy("视频转码失败"),
        gettext_lazy("视频%(object)s没有转码成功。"),
        gettext_lazy("视频%(object)s没有转码成功。"),
    ),
    "video.retry": Words(
        gettext_lazy("重新转码"), gettext_lazy("%(who)s让视频%(object)s重新转码。")
    ),
    "video.raised": Words(
        gettext_lazy("提前转码"), gettext_lazy("%(who)s让视频%(object)s先转码。")
    ),
    "video.waits_for_room": Words(
        gettext_lazy("转码等空间"),
        gettext_lazy("视频%(object)s在等空间，腾出后接着转码。"),
        gettext_lazy("服务器空间不够，视频%(object)s停在排队，腾出空间后接着转码。"),
    ),
    "video.rename": Words(
        gettext_lazy("修改视频标题"), gettext_lazy("%(who)s修改了视频%(object)s的标题。")
    ),
    "video.offline_issued": Words(
        gettext_lazy("下载离线课程"), gettext_lazy("%(who)s下载了视频%(object)s离线学习。")
    ),
    "video.offline_given_up": Words(
        gettext_lazy("放弃离线课程"), gettext_lazy("%(who)s放弃了视频%(object)s的离线课程。")
    ),
    "video.offline_returned": Words(
        gettext_lazy("补记离线学习"), gettext_lazy("%(who)s补记了视频%(object)s的离线学习时段。")
    ),
    "video.captions": Words(
        gettext_lazy("修改字幕"), gettext_lazy("%(who)s修改了视频%(object)s的字幕。")
    ),
    "video.cut": Words(
        gettext_lazy("修改片头片尾和章节"),
        gettext_lazy("%(who)s修改了视频%(object)s的片头片尾或章节。"),
    ),
    "video.recognition_asked": Words(
        gettext_lazy("申请语音识别"), gettext_lazy("%(who)s让系统识别视频%(object)s里的话。")
    ),
    "video.recognised": Words(
        gettext_lazy("语音识别完成"),
        gettext_lazy("视频%(object)s里的话识别好了。"),
        gettext_lazy("视频%(object)s里的话没有识别成。"),
    ),
    "video.replacement_proposed": Words(
        gettext_lazy("准备换源文件"),
        gettext_lazy("%(who)s给视频%(object)s传了一个新的源文件，还没有换上。"),
        gettext_lazy("%(who)s给视频%(object)s传的新源文件没有收下。"),
    ),
    "video.replacement_confirmed": Words(
        gettext_lazy("确认换源文件"), gettext_lazy("%(who)s确认给视频%(object)s换源文件。")
    ),
    "video.replacement_withdrawn": Words(
        gettext_lazy("放弃换源文件"), gettext_lazy("%(who)s放弃给视频%(object)s换源文件。")
    ),
    "video.replaced": Words(
        gettext_lazy("源文件已换上"), gettext_lazy("视频%(object)s换上了新的源文件。")
    ),
    "video.archive_asked": Words(
        gettext_lazy("申请移走源文件"),
        gettext_lazy("%(who)s让系统把视频%(object)s的源文件移到冷存储。"),
    ),
    "video.source_archived": Words(
        gettext_lazy("源文件移到冷存储"),
        gettext_lazy("视频%(object)s的源文件移到了冷存储。"),
        gettext_lazy("视频%(object)s的源文件没有移走。"),
    ),
    "video.source_fetched_back": Words(
        gettext_lazy("源文件取回"), gettext_lazy("视频%(object)s的源文件从冷存储取回来了。")
    ),
    "video.hidden": Words(
        gettext_lazy("不再提供选用"), gettext_lazy("%(who)s不再提供视频%(object)s给人选用。")
    ),
    "video.offered": Words(
        gettext_lazy("恢复提供选用"), gettext_lazy("%(who)s恢复提供视频%(object)s给人选用。")
    ),
    "video.deleted": Words(
        gettext_lazy("删除视频"),
        gettext_lazy("%(who)s删除了视频「%(title)s」。"),
        gettext_lazy("%(who)s想删除视频%(object)s，没有删。"),
    ),
}
