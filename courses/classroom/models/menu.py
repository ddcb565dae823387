"""What townships may order: lecturers, topics, teaching sites; and the vehicles that get there."""

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lms.people.models import Person, Unit


class Lecturer(models.Model):
    """Somebody in a county's or a township's pool. What they taught stays when they leave it."""

    class Kind(models.TextChoices):
        ACADEMIC = "academic", _("学术")
        PRACTICAL = "practical", _("实务")
        PIONEER = "pioneer", _("先锋")

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("姓名"), max_length=40)
    kind = models.CharField(_("类型"), max_length=10, choices=Kind.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("师资库"))
    # Their own account, where they have one: the calendar they see and the talks they gave.
    person = models.OneToOneField(
        Person, models.PROTECT, null=True, blank=True, related_name="lecturer"
    )
    workplace = models.CharField(_("工作单位"), max_length=120)
    post = models.CharField(_("职务"), max_length=80, blank=True)
    introduction = models.TextField(_("简介"), max_length=1000, blank=True)
    retired_at = models.DateTimeField(_("退出师资库"), null=True, editable=False)

    class Meta:
        verbose_name = _("讲师")
        verbose_name_plural = _("讲师")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class Topic(models.Model):
    """A lecture on offer."""

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    title = models.CharField(_("题目"), max_length=120)
    outline = models.TextField(_("提纲"), max_length=2000)
    minutes = models.PositiveSmallIntegerField(
        _("时长（分钟）"), validators=[MinValueValidator(20), MaxValueValidator(480)]
    )
    audience = models.CharField(_("适合谁听"), max_length=120, blank=True)
    material = models.CharField(_("材料"), max_length=200, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("谁开的课"))
    lecturers = models.ManyToManyField(
        Lecturer, related_name="topics", blank=True, verbose_name=_("谁能讲")
    )
    retired_at = models.DateTimeField(_("不再开讲"), null=True, editable=False)

    class Meta:
        verbose_name = _("专题")
        verbose_name_plural = _("专题")
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title


class TeachingSite(models.Model):
    """A place where a class is held. Coordinates in degrees (WGS 84), for distances only."""

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("名称"), max_length=80)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("所在乡镇"))
    address = models.CharField(_("地址"), max_length=200, blank=True)
    latitude = models.DecimalField(
        _("纬度"), max_digits=8, decimal_places=5, null=True, blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )  # fmt: skip
    longitude = models.DecimalField(
        _("经度"), max_digits=8, decimal_places=5, null=True, blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )  # fmt: skip
    seats = models.PositiveSmallIntegerField(_("座位"), validators=[MinValueValidator(1)])
    equipment = models.CharField(_("设备"), max_length=200, blank=True)
    retired_at = models.DateTimeField(_("不再使用"), null=True, editable=False)

    class Meta:
        verbose_name = _("现场教学点")
        verbose_name_plural = _("现场教学点")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__isnull=False, longitude__isnull=False),
                name="site_has_both_coordinates_or_none",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def point(self) -> tuple[float, float] | None:
        """(latitude, longitude) in degrees."""
        if self.latitude is None or self.longitude is None:
            return None
        return float(self.latitude), float(self.longitude)


class Vehicle(models.Model):
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("名称或车牌"), max_length=40)
    seats = models.PositiveSmallIntegerField(_("核载人数"), validators=[MinValueValidator(1)])
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("所属单位"))
    retired_at = models.DateTimeField(_("不再使用"), null=True, editable=False)

    class Meta:
        verbose_name = _("车辆")
        verbose_name_plural = _("车辆")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class TravelTime(models.Model):
    """Minutes between two sites as somebody who drives there entered them; the same both ways."""

    one = models.ForeignKey(TeachingSite, models.CASCADE, related_name="+")
    other = models.ForeignKey(TeachingSite, models.CASCADE, related_name="+")
    minutes = models.PositiveSmallIntegerField(_("路上（分钟）"))

    class Meta:
        verbose_name = _("路程")
        verbose_name_plural = _("路程")
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="travel_one_figure_a_pair"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="travel_lower_id_first"),
        ]

    def __str__(self) -> str:
        return f"{self.one_id}–{self.other_id}: {self.minutes}"
