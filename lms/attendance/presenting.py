"""Doubts in words, for whoever has to decide about them."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from lms.attendance.rules import Doubt

WORDS: Mapping[str, object] = {
    Doubt.CODE_UNREADABLE: _("码认不出来，可能被改过"),
    Doubt.CODE_OF_ANOTHER_OCCASION: _("是另一场的码"),
    Doubt.CODE_OF_ANOTHER_PERSON: _("是另一个人的码"),
    Doubt.CODE_STALE: _("码过期了，可能是截图"),
    Doubt.CLOCK_CHANGED: _("设备的时钟在中途被调过"),
    Doubt.BEFORE_PACK: _("时间早于下载签到包"),
    Doubt.AFTER_RECEIPT: _("时间晚于上传"),
    Doubt.PACK_EXPIRED: _("签到包已经过期"),
    Doubt.DEVICE_REVOKED: _("设备已被停用"),
    Doubt.OUTSIDE_WINDOW: _("不在签到时间内"),
    Doubt.NOT_EXPECTED: _("不在名单上，也没写原因"),
    Doubt.OWN_WITNESS: _("没有第二个人见证"),
}


def doubt_words(doubt: str) -> str:
    """Every doubt has words; a test says so."""
    return str(WORDS[doubt])
