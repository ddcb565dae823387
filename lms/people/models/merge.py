"""Two accounts that turned out to be one person."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lms.people.models.person import Person


class PersonMerge(models.Model):
    """`merged` was found to be `kept`. No row of record moves; readers add the two up.

    `snapshot` holds, by model, what the merge changed in rows that are not of record, so that it can
    be taken back exactly.
    """

    kept = models.ForeignKey(Person, models.PROTECT, related_name="+")
    merged = models.ForeignKey(Person, models.PROTECT, related_name="merges")
    reason = models.CharField(_("理由"), max_length=300)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    reversible_until = models.DateTimeField()
    snapshot = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    undone_reason = models.CharField(_("撤销理由"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("人员合并")
        verbose_name_plural = _("人员合并")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["merged"], condition=Q(undone_at__isnull=True), name="person_merged_once"
            ),
            models.CheckConstraint(condition=~Q(kept=F("merged")), name="merge_of_two_persons"),
        ]

    def __str__(self) -> str:
        return f"{self.merged} → {self.kept}"
