"""Something people attend, and who is expected there."""

import uuid
from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lms.attendance.rules import Window
from lms.people.models import Person, Posting, Unit


class Occasion(models.Model):
    """One stop of a trip, one livestream or one guidance session; its owner is named by `source_key`."""

    class Kind(models.TextChoices):
        CLASS = "class", _("课堂")
        LIVESTREAM = "livestream", _("直播")
        GUIDANCE = "guidance", _("谈心谈话")

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("类型"), max_length=12, choices=Kind.choices)
    source_key = models.CharField(max_length=80)
    # The class whose hours leave is a share of; occasions of one class have the same key.
    class_key = models.UUIDField(null=True, db_index=True)
    title = models.CharField(_("名称"), max_length=200)
    place = models.CharField(_("地点"), max_length=200, blank=True)
    owner_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    starts_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("结束"))
    opens_before_minutes = models.PositiveSmallIntegerField(_("提前几分钟可签到"), default=60)
    closes_after_minutes = models.PositiveSmallIntegerField(_("结束后几分钟内可签退"), default=60)
    late_after_minutes = models.PositiveSmallIntegerField(_("迟到宽限（分钟）"), default=10)
    early_before_minutes = models.PositiveSmallIntegerField(_("早退宽限（分钟）"), default=10)
    needs_sign_out = models.BooleanField(_("要签退"), default=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("考勤场次")
        verbose_name_plural = _("考勤场次")
        constraints = [
            models.UniqueConstraint(fields=["kind", "source_key"], name="occasion_source_once"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="occasion_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def window(self) -> Window:
        def minutes(number: int) -> timedelta:
            return timedelta(minutes=number)

        return Window(
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            opens_before=minutes(self.opens_before_minutes),
            closes_after=minutes(self.closes_after_minutes),
            late_after=minutes(self.late_after_minutes),
            early_before=minutes(self.early_before_minutes),
            needs_sign_out=self.needs_sign_out,
        )


class Expected(models.Model):
    """A person on an occasion's roster, under the posting of that day."""

    class Via(models.TextChoices):
        SIGNED_UP = "signed_up", _("报名")
        ASSIGNED = "assigned", _("单位指派")
        WALK_IN = "walk_in", _("临时到场")

    occasion = models.ForeignKey(Occasion, models.PROTECT, related_name="expected")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    posting = models.ForeignKey(Posting, models.PROTECT, related_name="+")
    via = models.CharField(_("来源"), max_length=10, choices=Via.choices)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("应到人员")
        verbose_name_plural = _("应到人员")
        constraints = [models.UniqueConstraint(fields=["occasion", "person"], name="expected_once")]

    def __str__(self) -> str:
        return f"{self.occasion_id} {self.person_id}"
