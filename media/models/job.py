"""The intent to transcode."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from media.models.video import Video


class TranscodeJob(models.Model):
    """The intent to transcode a video, leased by one worker at a time and swept by the schedule."""

    class State(models.TextChoices):
        WAITING = "waiting", _("等待")
        RUNNING = "running", _("进行")
        DONE = "done", _("完成")
        FAILED = "failed", _("失败")

    video = models.OneToOneField(Video, models.CASCADE, related_name="job")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    worker = models.CharField(max_length=100, blank=True)
    lease_until = models.DateTimeField(null=True)
    requested_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["state", "lease_until"], name="transcode_due")]

    def __str__(self) -> str:
        return f"{self.video_id} {self.state}"
