"""Captions, and drafts a program heard."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from media.models.video import Video


class CaptionTrack(models.Model):
    """Plain cues of one language: [[start_seconds, end_seconds, text], …] in order."""

    video = models.ForeignKey(Video, models.CASCADE, related_name="captions")
    language = models.CharField(_("语言"), max_length=12, default="zh-Hans")
    label = models.CharField(_("名称"), max_length=40)
    cues = models.JSONField()
    # Names the WebVTT file made of the cues, so that a changed caption has a new address.
    digest = models.CharField(max_length=16, default="", editable=False)
    is_default = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["video", "language"], name="caption_once_a_language")
        ]

    def __str__(self) -> str:
        return f"{self.video_id} {self.label}"


class CaptionDraft(models.Model):
    """Captions a program heard, to be looked through before anybody saves them; also the intent to listen."""

    class State(models.TextChoices):
        WAITING = "waiting", _("等待识别")
        RUNNING = "running", _("正在识别")
        READY = "ready", _("识别好了")
        FAILED = "failed", _("没有识别成")

    video = models.ForeignKey(Video, models.CASCADE, related_name="caption_drafts")
    language = models.CharField(max_length=12)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    cues = models.JSONField(default=list)
    failure_code = models.CharField(max_length=40, blank=True)
    failure_sentence = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    requested_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["video", "language"], name="caption_draft_once_a_language"
            )
        ]

    def __str__(self) -> str:
        return f"{self.video_id} {self.language} {self.state}"
