"""A trip (派单) and its stops. The database refuses to book a lecturer, a site or a vehicle twice."""

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from courses.classroom.models.menu import Lecturer, TeachingSite, Topic, Vehicle
from lms.common.clock import local_date
from lms.people.models import Person, Unit


def span(start: str, end: str) -> Func:
    """The half-open time between two columns: what ends at noon leaves noon free."""
    return Func(F(start), F(end), models.Value("[)"), function="tstzrange")


class Trip(models.Model):
    """One day out: from `departs_at` to `returns_at` it holds its vehicle, unless it is cancelled."""

    class State(models.TextChoices):
        DRAFT = "draft", _("筹备中")
        ANNOUNCED = "announced", _("已发布")
        CANCELLED = "cancelled", _("已取消")

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    title = models.CharField(_("名称"), max_length=120)
    summary = models.TextField(_("说明"), max_length=500, blank=True)
    host_unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", verbose_name=_("主办单位")
    )
    manager = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("带队")
    )
    vehicle = models.ForeignKey(
        Vehicle, models.PROTECT, null=True, blank=True, related_name="trips", verbose_name=_("车辆")
    )
    departs_at = models.DateTimeField(_("出发"))
    returns_at = models.DateTimeField(_("返回"))
    sign_up_until = models.DateTimeField(_("报名截止"))
    withdraw_until = models.DateTimeField(_("几时前可退"))
    bring = models.CharField(_("带上"), max_length=200, blank=True)
    state = models.CharField(
        _("状态"), max_length=10, choices=State.choices, default=State.DRAFT, editable=False
    )
    cancel_reason = models.CharField(_("取消的原因"), max_length=300, blank=True, editable=False)
    # Rises with each change people must know of: the SEQUENCE of its calendar entries.
    revisions = models.PositiveIntegerField(default=0, editable=False)
    changed_at = models.DateTimeField(editable=False)

    class Meta:
        verbose_name = _("流动课堂")
        verbose_name_plural = _("流动课堂")
        ordering = ["departs_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(returns_at__gt=F("departs_at")), name="trip_returns_after_it_departs"
            ),
            ExclusionConstraint(
                name="trip_vehicle_once",
                expressions=[
                    ("vehicle", RangeOperators.EQUAL),
                    (span("departs_at", "returns_at"), RangeOperators.OVERLAPS),
                ],
                condition=~Q(state="cancelled"),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def number(self) -> str:
        """2026-037: what papers about the trip call it."""
        return f"{local_date(self.departs_at):%Y}-{self.pk:03d}"

    @property
    def is_announced(self) -> bool:
        return self.state == self.State.ANNOUNCED


class Stop(models.Model):
    """A lecture on a trip: one occasion of attendance. `is_booked` until the trip is cancelled."""

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    # Live, replay and classroom of the same content have the same key and earn once.
    content_key = models.UUIDField(default=uuid.uuid4, db_index=True, editable=False)
    trip = models.ForeignKey(Trip, models.PROTECT, related_name="stops")
    site = models.ForeignKey(
        TeachingSite, models.PROTECT, related_name="stops", verbose_name=_("教学点")
    )
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="stops", verbose_name=_("专题"))
    lecturer = models.ForeignKey(
        Lecturer, models.PROTECT, related_name="stops", verbose_name=_("讲师")
    )
    starts_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("结束"))
    hours = models.DecimalField(
        _("学时"), max_digits=4, decimal_places=2, validators=[MinValueValidator(0)]
    )
    is_booked = models.BooleanField(default=True, editable=False)

    class Meta:
        verbose_name = _("一站")
        verbose_name_plural = _("各站")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="stop_ends_after_it_starts"
            ),
            ExclusionConstraint(
                name="stop_lecturer_once",
                expressions=[
                    ("lecturer", RangeOperators.EQUAL),
                    (span("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                ],
                condition=Q(is_booked=True),
            ),
            ExclusionConstraint(
                name="stop_site_once",
                expressions=[
                    ("site", RangeOperators.EQUAL),
                    (span("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                ],
                condition=Q(is_booked=True),
            ),
        ]
        indexes = [models.Index(fields=["starts_at"], name="stop_by_time")]

    def __str__(self) -> str:
        return f"{self.site_id} {self.starts_at:%Y-%m-%d %H:%M}"
