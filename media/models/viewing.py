"""What each person watched, and how much of their time is used up."""

from datetime import timedelta

from django.db import models

from lms.common.fields import SecondsMultirangeField
from lms.common.spans import Spans, without
from lms.people.models import Person, Posting
from media.models.video import Video


class ViewerClock(models.Model):
    """One person, one clock: wall time up to `consumed_until` has already been credited."""

    person = models.OneToOneField(
        Person, models.PROTECT, primary_key=True, related_name="viewer_clock"
    )
    consumed_until = models.DateTimeField()
    # All wall time ever credited, online and offline: what offline packs are measured against.
    spent = models.DurationField(default=timedelta(0), db_default=timedelta(0))
    # The viewing that last moved the clock: tells "another video" from "too fast". No foreign key,
    # whose check would run on the hot path.
    consumed_by_viewing = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.person_id} {self.consumed_until}"


class ViewingSession(models.Model):
    """What one person has watched of one video, written by `media.beats` alone."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="viewings")
    video = models.ForeignKey(Video, models.PROTECT, related_name="viewings")
    posting = models.ForeignKey(Posting, models.PROTECT, related_name="+")
    duration_seconds = models.PositiveIntegerField()
    watched = SecondsMultirangeField(default=list)
    position_seconds = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField()
    last_beat_at = models.DateTimeField()
    assessed_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    # While the lecture is live: when it began. Nobody has watched what is not spoken yet.
    live_since = models.DateTimeField(null=True)
    # What of `watched` was received while the lecture was live.
    watched_live = SecondsMultirangeField(default=list, db_default=models.Value("{}"))
    # Roll call (ADR 0026): the deadline of the next answer, and how long before it is asked.
    present_until = models.DateTimeField(null=True)
    grace_seconds = models.PositiveSmallIntegerField(default=0, db_default=0)
    # Received since the last answer; and what was not vouched for, until it is watched again.
    awaiting = SecondsMultirangeField(default=list, db_default=models.Value("{}"))
    unattended = SecondsMultirangeField(default=list, db_default=models.Value("{}"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "video"], name="viewing_once_a_video")
        ]
        # No index holds a column that beats rewrite, or their updates would not stay heap-only.
        indexes = [
            models.Index(
                fields=["id"], condition=models.Q(settled_at__isnull=True), name="viewing_unsettled"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.video_id}"

    @property
    def counted(self) -> Spans:
        """What of `watched` may earn: all but what a roll call left without an answer."""
        return without(self.watched, self.unattended)
