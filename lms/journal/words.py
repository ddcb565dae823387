"""Each action in words: what it is called, and the sentence a row opens to.

An action used anywhere in the code without words here fails a test. Sentences may hold %(who)s,
%(object)s and %(subject)s; what else they name comes from the row's detail.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Text = str | Promise


NOT_DONE = gettext_lazy("%(who)s没有做成「%(label)s」。")


@dataclass(frozen=True)
class Words:
    """`label` for lists and filters, `sentence` for what was done, `refused` for what was not."""

    label: Text
    sentence: Text
    refused: Text = NOT_DONE


WORDS: dict[str, Words] = {
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
    # People
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
    # Videos
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
    "video.rename": Words(
        gettext_lazy("修改视频标题"), gettext_lazy("%(who)s修改了视频%(object)s的标题。")
    ),
    "video.captions": Words(
        gettext_lazy("修改字幕"), gettext_lazy("%(who)s修改了视频%(object)s的字幕。")
    ),
}


def label_of(action: str) -> str:
    """What the action is called; an action of an older version keeps its code."""
    return str(WORDS[action].label) if action in WORDS else action


def sentence_of(
    action: str, *, is_refused: bool, who: str, what: str, whose: str, detail: dict[str, Any]
) -> str:
    """The row as a sentence. `who` is empty for the system, `what` and `whose` where there is none."""
    words = WORDS.get(action) or Words(action, gettext_lazy("%(who)s：%(label)s %(object)s"))
    facts: dict[str, Any] = defaultdict(lambda: "—")
    facts |= detail | {
        "who": who or _("系统"),
        "object": _("「%(what)s」") % {"what": what} if what else "—",
        "subject": whose or "—",
        "label": str(words.label),
    }
    return str(words.refused if is_refused else words.sentence) % facts
