"""Seals: what was in the journal up to then, each chained to the one before."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.journal.models.triggers import append_only


class JournalSeal(models.Model):
    """One batch of rows, digested when nobody could write into it any more."""

    number = models.PositiveBigIntegerField(_("编号"), primary_key=True)
    batch = models.BigIntegerField(unique=True)
    rows = models.PositiveBigIntegerField(_("条数"))
    previous_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)
    sealed_at = models.DateTimeField(_("封存时间"))

    class Meta:
        verbose_name = _("日志封条")
        verbose_name_plural = _("日志封条")
        triggers = append_only("journal_seal")

    def __str__(self) -> str:
        return f"#{self.number} {self.rows}"
