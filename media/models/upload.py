"""Files on their way in."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.people.models import Person, Unit
from media.models.video import Video


class Upload(models.Model):
    """A file on its way in, piece by piece. `key` becomes the video's, unless it `replaces` the source of
    one that is there; `received` bytes are safe."""

    class State(models.TextChoices):
        RECEIVING = "receiving", _("没传完")
        CHECKING = "checking", _("检查中")
        KEPT = "kept", _("已收好")
        REFUSED = "refused", _("没收下")
        EXPIRED = "expired", _("过期清除")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="uploads")
    owner_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    replaces = models.ForeignKey(Video, models.CASCADE, null=True, related_name="source_uploads")
    title = models.CharField(_("标题"), max_length=200)
    file_name = models.CharField(_("原文件名"), max_length=255)
    # What the browser knows the file by, to find it again after a reload.
    fingerprint = models.CharField(max_length=100, blank=True)
    bytes = models.PositiveBigIntegerField()
    received = models.PositiveBigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVING)
    expected_sha256 = models.CharField(max_length=64, blank=True)
    # The object store's name for the parts it has so far.
    multipart_id = models.TextField(blank=True)
    failure_code = models.CharField(max_length=40, blank=True)
    failure_sentence = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(received__lte=models.F("bytes")), name="upload_not_overfull"
            )
        ]
        indexes = [models.Index(fields=["state", "expires_at"], name="upload_due")]

    def __str__(self) -> str:
        return self.title


class UploadPart(models.Model):
    """What an object store holds of an upload: a numbered part, or with number 0 a piece kept aside."""

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField(default=0)
    offset = models.PositiveBigIntegerField()
    bytes = models.PositiveBigIntegerField()
    etag = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["upload", "offset"], name="upload_part_once_a_place")
        ]

    def __str__(self) -> str:
        return f"{self.upload_id} {self.number} {self.offset}"
