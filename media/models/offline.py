"""Lectures taken along."""

import uuid

from django.db import models

from lms.common.fields import SecondsMultirangeField
from lms.people.models import Person, Posting
from media.models.video import Video


class OfflinePack(models.Model):
    """One video on one device for some days. What was watched there is between issue and return.

    It is returned piece by piece, as often as there is a line, until the device gives it up.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Chosen by the browser, so that asking twice gives one pack.
    client_key = models.UUIDField()
    person = models.ForeignKey(Person, models.PROTECT, related_name="offline_packs")
    video = models.ForeignKey(Video, models.PROTECT, related_name="+")
    posting = models.ForeignKey(Posting, models.PROTECT, related_name="+")
    max_rate = models.FloatField()
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    # The person's `ViewerClock.spent` at issue, moved on by returns that fit before this issue.
    spent_at_issue = models.DurationField()
    given_up_at = models.DateTimeField(null=True)
    # All that came back, and the last return, so that sending it twice answers alike.
    returned_ranges = SecondsMultirangeField(default=list)
    returned_at = models.DateTimeField(null=True)
    last_return_key = models.UUIDField(null=True)
    last_return_ranges = SecondsMultirangeField(default=list)
    last_return_rate = models.FloatField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "client_key"], name="offline_pack_once_a_request"
            ),
            models.UniqueConstraint(
                fields=["person", "video"],
                condition=models.Q(given_up_at__isnull=True),
                name="offline_pack_one_open_a_video",
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("issued_at")),
                name="offline_pack_expires_later",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.video_id}"
