"""Policy versions and the append-only ledger."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from lms.credits.rules import Rules, rules_from
from lms.journal.models import append_only, no_truncate
from lms.people.models import Person, Posting, Unit


class Bucket(models.TextChoices):
    """Two obligations that never net each other (条例 arts. 13–16)."""

    ONLINE = "online", _("网络学习")
    IN_PERSON = "in_person", _("集中培训")


class Grade(models.TextChoices):
    REPORTED = "reported", _("自报")
    TIMED = "timed", _("计时")
    WITNESSED = "witnessed", _("见证")
    DOCUMENTED = "documented", _("文书")


class CreditPolicy(models.Model):
    """The hour rules of a jurisdiction: the unit's subtree, unless a lower unit has its own."""

    name = models.CharField(_("名称"), max_length=120)
    unit = models.OneToOneField(Unit, models.PROTECT, related_name="credit_policy")

    class Meta:
        verbose_name = _("学时规则")
        verbose_name_plural = _("学时规则")

    def __str__(self) -> str:
        return self.name


class PolicyVersion(models.Model):
    """Dated figures. In force from `effective_from` until the policy's next version; never edited."""

    policy = models.ForeignKey(CreditPolicy, models.PROTECT, related_name="versions")
    label = models.CharField(_("版本"), max_length=40)
    title = models.CharField(_("文件名称"), max_length=200)
    document_number = models.CharField(_("文号"), max_length=80, blank=True)
    effective_from = models.DateField(_("施行日期"))
    rules = models.JSONField(_("规则数据"))

    class Meta:
        verbose_name = _("规则版本")
        verbose_name_plural = _("规则版本")
        constraints = [
            models.UniqueConstraint(fields=["policy", "effective_from"], name="policy_one_a_day"),
            models.UniqueConstraint(fields=["policy", "label"], name="policy_label_once"),
        ]
        # An earned hour names the figures it was earned under, so those never change.
        triggers = append_only("policy_version")

    def __str__(self) -> str:
        return f"{self.policy} {self.label}"

    def figures(self) -> Rules:
        return self._figures

    @cached_property
    def _figures(self) -> Rules:
        return rules_from(self.rules)


class LedgerEntry(models.Model):
    """One posted fact. A correction is another entry that reverses it."""

    class Outcome(models.TextChoices):
        EARNED = "earned", _("已入账")
        CAPPED = "capped", _("按上限入账")
        CAP_REACHED = "cap_reached", _("当日已满")
        REVERSAL = "reversal", _("冲销")

    person = models.ForeignKey(Person, models.PROTECT, related_name="ledger")
    sequence = models.PositiveIntegerField(_("序号"))
    posting = models.ForeignKey(Posting, models.PROTECT, related_name="+")
    bucket = models.CharField(_("类别"), max_length=10, choices=Bucket.choices)
    hours = models.DecimalField(_("学时"), max_digits=6, decimal_places=2)
    title = models.CharField(_("事由"), max_length=300)
    happened_on = models.DateField(_("发生日期"))
    posted_at = models.DateTimeField(_("入账时间"))
    policy_version = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="+")
    grade = models.CharField(_("证据等级"), max_length=12, choices=Grade.choices)
    outcome = models.CharField(_("结果"), max_length=12, choices=Outcome.choices)
    source_kind = models.CharField(max_length=30)
    source_key = models.CharField(max_length=80)
    evidence = models.JSONField(default=dict)
    arithmetic = models.JSONField(default=list)
    actor = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")
    previous_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = _("学时台账")
        verbose_name_plural = _("学时台账")
        constraints = [
            models.UniqueConstraint(fields=["person", "sequence"], name="ledger_sequence_once"),
            models.UniqueConstraint(
                fields=["person", "source_kind", "source_key"],
                condition=Q(reverses__isnull=True),
                name="ledger_source_once",
            ),
            models.CheckConstraint(
                condition=Q(reverses__isnull=False, outcome="reversal")
                | (Q(reverses__isnull=True, hours__gte=0) & ~Q(outcome="reversal")),
                name="ledger_negative_only_by_reversal",
            ),
        ]
        indexes = [
            models.Index(
                F("person"), F("happened_on"), include=["bucket", "hours"], name="ledger_person_day"
            )
        ]
        triggers = append_only("ledger")

    def __str__(self) -> str:
        return f"{self.person_id} #{self.sequence} {self.hours}"


class LedgerHead(models.Model):
    """Where a person's chain stands. Locking this row makes posting sequential for the person."""

    person = models.OneToOneField(
        Person, models.PROTECT, primary_key=True, related_name="ledger_head"
    )
    sequence = models.PositiveIntegerField(default=0)
    hash = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = _("台账链头")
        verbose_name_plural = _("台账链头")
        triggers = [
            pgtrigger.Protect(name="ledger_head_kept", operation=pgtrigger.Delete),
            no_truncate("ledger_head"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} #{self.sequence}"
