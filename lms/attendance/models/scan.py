"""What was seen at the door: one row for each scan that ever reached the server."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.attendance.models.occasion import Occasion
from lms.attendance.models.pack import Pack
from lms.attendance.rules import Doubt
from lms.journal.models import append_only
from lms.people.models import Person


class Scan(models.Model):
    """Evidence, never changed: a sign-in or sign-out somebody recorded.

    `happened_at` is by the server's clock as well as it is known. With a `doubt` the scan does not
    count until a decision accepts it.
    """

    class Direction(models.TextChoices):
        IN = "in", _("签到")
        OUT = "out", _("签退")

    class Method(models.TextChoices):
        CODE = "code", _("扫个人码")
        NAME = "name", _("点名")
        WITNESS = "witness", _("第二人见证")
        PAPER = "paper", _("纸质签到表")
        PROJECTOR = "projector", _("扫现场码")

    occasion = models.ForeignKey(Occasion, models.PROTECT, related_name="scans")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    direction = models.CharField(max_length=3, choices=Direction.choices)
    method = models.CharField(_("方式"), max_length=10, choices=Method.choices)
    happened_at = models.DateTimeField(_("时间"))
    device_at = models.DateTimeField(_("设备时间"), null=True)
    received_at = models.DateTimeField(_("收到"))
    pack = models.ForeignKey(Pack, models.PROTECT, null=True, related_name="scans")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    witness = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    note = models.CharField(_("说明"), max_length=200, blank=True)
    doubt = models.CharField(
        _("存疑"), max_length=30, blank=True, choices=[(each, each) for each in Doubt]
    )
    client_key = models.UUIDField()
    # Of what the device sent: the same key with another body is told from a repeat.
    digest = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = _("签到记录")
        verbose_name_plural = _("签到记录")
        constraints = [
            models.UniqueConstraint(fields=["by", "client_key"], name="scan_once_a_client_key")
        ]
        indexes = [
            models.Index(fields=["occasion", "person"], name="scan_occasion_person"),
            models.Index(fields=["occasion"], condition=~models.Q(doubt=""), name="scan_doubted"),
        ]
        triggers = append_only("scan")

    def __str__(self) -> str:
        return f"{self.occasion_id} {self.person_id} {self.direction}"
