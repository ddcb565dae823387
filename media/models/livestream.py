"""Lectures spoken at a time, and what the encoder sent."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from media.models.video import Video


class Livestream(models.Model):
    """A lecture spoken at a time. Its video is the content timeline from the announcement on."""

    class State(models.TextChoices):
        ANNOUNCED = "announced", _("未开始")
        LIVE = "live", _("直播中")
        INTERRUPTED = "interrupted", _("信号中断")
        ENDED = "ended", _("已结束")

    video = models.OneToOneField(Video, models.PROTECT, related_name="livestream")
    lecturer = models.CharField(_("主讲人"), max_length=100, blank=True)
    starts_at = models.DateTimeField(_("开始时间"))
    ends_at = models.DateTimeField(_("预计结束"))
    state = models.CharField(
        _("状态"), max_length=12, choices=State.choices, default=State.ANNOUNCED
    )
    # About how often learners are asked whether they are there; None: never.
    roll_call_minutes = models.PositiveSmallIntegerField(_("点名"), null=True)
    # What the encoder publishes to is public; the key beside it is known as a digest only.
    name = models.CharField(max_length=16, unique=True, editable=False)
    key_digest = models.CharField(max_length=64, blank=True, editable=False)
    # Names the folder of the fragments, as a build does for renditions.
    build = models.UUIDField(default=uuid.uuid4, editable=False)
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    # The most persons who watched at one moment while it lasted.
    peak_viewers = models.PositiveIntegerField(default=0, editable=False)
    # How often time, title or lecturer were changed, and when last: calendars ask (RFC 5545, SEQUENCE).
    revisions = models.PositiveSmallIntegerField(default=0, editable=False)
    revised_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("直播")
        verbose_name_plural = _("直播")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="livestream_has_length"
            ),
            models.CheckConstraint(
                condition=models.Q(state="ended", ended_at__isnull=False)
                | (~models.Q(state="ended") & models.Q(ended_at__isnull=True)),
                name="livestream_ended_at",
            ),
        ]

    def __str__(self) -> str:
        return self.video.title

    @property
    def has_begun(self) -> bool:
        """Whether there is a first fragment to fetch; an encoder may be connected before."""
        return self.began_at is not None

    @property
    def is_on(self) -> bool:
        """It has begun and is not over, whether or not the signal is there."""
        return self.has_begun and self.state != self.State.ENDED

    @property
    def owner_unit_id(self) -> int:
        return self.video.owner_unit_id


class Take(models.Model):
    """One uninterrupted sending of the encoder, from connecting to dropping."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    livestream = models.ForeignKey(Livestream, models.PROTECT, related_name="takes")
    number = models.PositiveSmallIntegerField()
    address = models.GenericIPAddressField(null=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    # [[name in the store, seconds], …], as published so far.
    fragments = models.JSONField(default=list)
    # The same of what is made of it for thin lines: {"slow": […], "audio": […]}.
    thin = models.JSONField(default=dict)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["livestream", "number"], name="take_numbered"),
            models.UniqueConstraint(
                fields=["livestream"],
                condition=models.Q(ended_at__isnull=True),
                name="take_one_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.livestream_id} {self.number}"
