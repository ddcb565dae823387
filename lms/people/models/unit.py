"""The unit tree, and what was done to it."""

from datetime import date

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _


class Unit(models.Model):
    """A node of the unit tree. `path` is every code from the province down, each ended by "/"."""

    class Level(models.TextChoices):
        PROVINCE = "province", _("省")
        CITY = "city", _("市")
        COUNTY = "county", _("县（市、区）")
        TOWNSHIP = "township", _("乡镇（街道）")
        OFFICE = "office", _("部门")

    code = models.CharField(_("单位编码"), max_length=32, unique=True)
    name = models.CharField(_("单位名称"), max_length=120)
    level = models.CharField(_("层级"), max_length=16, choices=Level.choices)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("上级"),
    )
    path = models.CharField(max_length=255, editable=False)
    # [[name, its last day], …], oldest first: facts of the past are told under the name of then.
    former_names = models.JSONField(
        default=list, db_default=models.Value([], models.JSONField()), editable=False
    )
    closed_on = models.DateField(_("停用日期"), null=True, editable=False)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="merged_units"
    )

    class Meta:
        verbose_name = _("单位")
        verbose_name_plural = _("单位")
        ordering = ["path"]
        indexes = [models.Index(OpClass(F("path"), "text_pattern_ops"), name="unit_path_prefix")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True) | models.Q(closed_on__isnull=False),
                name="unit_merged_is_closed",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        return self.closed_on is None

    def name_on(self, on: date) -> str:
        """What the unit was called on that day; needs no query."""
        day = on.isoformat()
        return next((name for name, last_day in self.former_names if day <= last_day), self.name)
