"""Who did what: one append-only row for each write of record, refusal and privileged read."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.people.models import Person, Posting


def append_only(table: str) -> list[pgtrigger.Trigger]:
    """Triggers that refuse UPDATE, DELETE and TRUNCATE on a table of record (security 21)."""
    return [
        pgtrigger.Protect(
            name=f"{table}_append_only", operation=pgtrigger.Update | pgtrigger.Delete
        ),
        no_truncate(table),
    ]


def no_truncate(table: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=f"{table}_no_truncate",
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        level=pgtrigger.Statement,
        func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
    )


class JournalEntry(models.Model):
    class Outcome(models.TextChoices):
        DONE = "done", _("完成")
        REFUSED = "refused", _("拒绝")

    at = models.DateTimeField(_("时间"))
    actor = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("操作人")
    )
    posting = models.ForeignKey(Posting, models.PROTECT, null=True, related_name="+")
    action = models.CharField(_("操作"), max_length=60)
    object_type = models.CharField(max_length=60, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome.choices)
    code = models.CharField(max_length=60, blank=True)
    reason = models.CharField(_("理由"), max_length=300, blank=True)
    address = models.GenericIPAddressField(_("来源地址"), null=True)
    detail = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("日志")
        verbose_name_plural = _("日志")
        indexes = [
            models.Index(fields=["object_type", "object_id"], name="journal_object"),
            models.Index(fields=["actor", "at"], name="journal_actor"),
        ]
        triggers = append_only("journal")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action}"
