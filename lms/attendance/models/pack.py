"""Devices that may sign people in without a network, and the packs they were given."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lms.attendance.models.occasion import Occasion
from lms.people.models import Person


class Device(models.Model):
    """A browser a class manager signs people in with. Revoked, it gets no pack and its scans wait."""

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    holder = models.ForeignKey(Person, models.PROTECT, related_name="+")
    label = models.CharField(_("设备"), max_length=80)
    registered_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("签到设备")
        verbose_name_plural = _("签到设备")

    def __str__(self) -> str:
        return self.label


class Pack(models.Model):
    """The rosters of some occasions, taken along by one device for some hours."""

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    device = models.ForeignKey(Device, models.PROTECT, related_name="packs")
    occasions = models.ManyToManyField(Occasion, related_name="packs")
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    # How far the device's clock was ahead of the server's when the pack was issued.
    ahead_ms = models.BigIntegerField(default=0)
    synced_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("离线签到包")
        verbose_name_plural = _("离线签到包")
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("issued_at")), name="pack_expires_after_issue"
            )
        ]

    def __str__(self) -> str:
        return str(self.key)
