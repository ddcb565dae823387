"""One lecture, its renditions, and what else is kept of it."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.people.models import Person, Unit


def source_path(video: "Video", _name: str) -> str:
    """Sources lie under the video's key; the uploaded name is kept as text only."""
    return f"videos/{video.key}/source"


class Video(models.Model):
    """One lecture. `build` names the finished set of renditions, null until one is verified."""

    class State(models.TextChoices):
        LIVE = "live", _("直播")  # nothing recorded yet, or the recording goes on
        QUEUED = "queued", _("排队中")
        TRANSCODING = "transcoding", _("转码中")
        READY = "ready", _("可播放")
        FAILED = "failed", _("没有成功")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("标题"), max_length=200)
    owner_unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="videos", verbose_name=_("所属单位")
    )
    uploaded_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    source = models.FileField(_("视频文件"), upload_to=source_path)
    source_name = models.CharField(_("原文件名"), max_length=255, blank=True)
    source_bytes = models.PositiveBigIntegerField(default=0)
    source_sha256 = models.CharField(max_length=64, blank=True)
    state = models.CharField(_("状态"), max_length=12, choices=State.choices, default=State.QUEUED)
    progress = models.PositiveSmallIntegerField(_("进度"), default=0)
    failure_code = models.CharField(max_length=40, blank=True)
    failure_sentence = models.CharField(max_length=200, blank=True)
    duration_seconds = models.PositiveIntegerField(_("时长"), default=0)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    has_audio = models.BooleanField(default=True)
    build = models.UUIDField(null=True, editable=False)
    # The build shown before the source was replaced: pages open now still play it.
    past_build = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField(_("上传时间"))
    ready_at = models.DateTimeField(null=True)
    # Not offered to editors of packages any more; where it is used it stays.
    is_hidden = models.BooleanField(_("不再提供选用"), default=False)
    # Where the source lies in the cold storage; empty while it lies in the usual one.
    cold_name = models.CharField(max_length=200, blank=True, editable=False)
    cold_since = models.DateTimeField(null=True, editable=False)
    # The intent to move the source there, and why the last try did not.
    cold_wanted_at = models.DateTimeField(null=True, editable=False)
    cold_refusal = models.CharField(max_length=200, blank=True, editable=False)

    class Meta:
        verbose_name = _("视频")
        verbose_name_plural = _("视频")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_ready(self) -> bool:
        return self.build is not None


class Rendition(models.Model):
    """One rung of a finished build, its sound alone, or its slides as pictures."""

    AUDIO, SLIDES = "audio", "slides"

    video = models.ForeignKey(Video, models.CASCADE, related_name="renditions")
    build = models.UUIDField()
    name = models.CharField(max_length=12)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    bandwidth = models.PositiveIntegerField()
    average_bandwidth = models.PositiveIntegerField()
    codecs = models.CharField(max_length=60)
    bytes = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["build", "name"], name="rendition_once_a_build")
        ]

    def __str__(self) -> str:
        return f"{self.video_id} {self.name}"
