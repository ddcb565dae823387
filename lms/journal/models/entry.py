"""Who did what: one append-only row for each write of record, refusal and privileged read."""

from django.db import models
from django.db.models import Func, Q
from django.utils.translation import gettext_lazy as _

from lms.journal.models.triggers import append_only
from lms.people.models import Person, Posting, Unit


class OpenBatch(Func):
    """The number of the batch now open; the row's transaction keeps it from being sealed early."""

    function = "journal_open_batch"
    arity = 0


class JournalEntry(models.Model):
    """A row. The table is partitioned by the month of `at`; the database's key is (id, at).

    `unit` is where the actor served, `object_unit` whose the object is: the auditor of either sees
    the row. `subject` is the person the object is about.
    """

    class Outcome(models.TextChoices):
        DONE = "done", _("完成")
        REFUSED = "refused", _("拒绝")

    at = models.DateTimeField(_("时间"))
    actor = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("操作人"),
        db_index=False,
    )  # fmt: skip
    posting = models.ForeignKey(
        Posting, models.PROTECT, null=True, related_name="+", verbose_name=_("当时任职"),
        db_index=False,
    )  # fmt: skip
    # Checked by the writer, not by the database: every row of an office would lock the office's row.
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    action = models.CharField(_("操作"), max_length=60)
    object_type = models.CharField(max_length=60, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    subject = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("涉及的人"),
        db_index=False, db_constraint=False,
    )  # fmt: skip
    object_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome.choices)
    code = models.CharField(max_length=60, blank=True)
    reason = models.CharField(_("理由"), max_length=300, blank=True)
    address = models.GenericIPAddressField(_("来源地址"), null=True)
    detail = models.JSONField(default=dict)
    batch = models.BigIntegerField(db_default=OpenBatch(), editable=False)
    digest = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = _("日志")
        verbose_name_plural = _("日志")
        # Each filter of the auditor's page finds its newest rows by one of these.
        indexes = [
            models.Index(fields=["-at", "-id"], name="journal_newest"),
            models.Index(fields=["actor", "-at"], name="journal_actor"),
            models.Index(
                fields=["subject", "-at"],
                condition=Q(subject__isnull=False),
                name="journal_subject",
            ),
            models.Index(fields=["action", "-at"], name="journal_action"),
            models.Index(fields=["object_type", "object_id"], name="journal_object"),
            models.Index(
                fields=["address", "-at"],
                condition=Q(address__isnull=False),
                name="journal_address",
            ),
            models.Index(fields=["-at"], condition=Q(outcome="refused"), name="journal_refused"),
            models.Index(fields=["unit", "-at"], name="journal_unit"),
            models.Index(
                fields=["object_unit", "-at"],
                condition=Q(object_unit__isnull=False),
                name="journal_object_unit",
            ),
            models.Index(fields=["batch", "id"], name="journal_batch"),
        ]
        triggers = append_only("journal")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action}"
