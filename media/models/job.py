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

    class Urgency(models.IntegerChoices):
        """Who waits for it; `media.queueing` finds it out, staff may raise it."""

        RAISED = 0, _("管理员提前")
        AWAITED = 1, _("学员在等")
        USED = 2, _("课程草稿在用")
        NEW = 3, _("新上传")
        REPLACEMENT = 4, _("换源文件")
        COLD = 5, _("要从冷存储取回")

    video = models.OneToOneField(Video, models.CASCADE, related_name="job")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    urgency = models.PositiveSmallIntegerField(choices=Urgency.choices, default=Urgency.NEW)
    # Jobs are taken in this order: when it was asked for, plus the head start of the more urgent.
    turn_at = models.DateTimeField()
    # Nobody takes it before: there was no room for it.
    not_before = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    worker = models.CharField(max_length=100, blank=True)
    lease_until = models.DateTimeField(null=True)
    requested_at = models.DateTimeField()
    # The last attempt: when it began, and what it took once it was published.
    began_at = models.DateTimeField(null=True)
    took_seconds = models.PositiveIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "lease_until"], name="transcode_due"),
            models.Index(
                fields=["turn_at", "id"],
                name="transcode_turn",
                condition=models.Q(state="waiting"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.video_id} {self.state}"
