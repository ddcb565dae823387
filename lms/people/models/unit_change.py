"""The history of the unit tree."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.people.models.person import Person
from lms.people.models.unit import Unit


class UnitChange(models.Model):
    """One thing done to a unit: `before` and `after` hold what differs, as JSON."""

    class Kind(models.TextChoices):
        RENAME = "rename", _("改名")
        MOVE = "move", _("移动")
        MERGE = "merge", _("并入其他单位")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="changes")
    kind = models.CharField(_("变更"), max_length=10, choices=Kind.choices)
    before = models.JSONField()
    after = models.JSONField()
    reason = models.CharField(_("理由"), max_length=300)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("单位变更")
        verbose_name_plural = _("单位变更")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.unit} {self.get_kind_display()}"
