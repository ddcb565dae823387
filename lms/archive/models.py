"""Sealed packages and which ledger entries each one holds."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.credits.models import LedgerEntry
from lms.people.models import Person, Unit


class ArchivePackage(models.Model):
    """One export. Asked for by a row, sealed by a worker, under its final name only when complete."""

    class State(models.TextChoices):
        QUEUED = "queued", _("排队中")
        SEALING = "sealing", _("封装中")
        SEALED = "sealed", _("已封装")
        EMPTY = "empty", _("没有新记录")
        FAILED = "failed", _("没有成功")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="archive_packages")
    number = models.PositiveIntegerField(_("批次"), null=True)
    year = models.PositiveSmallIntegerField(_("年度"))
    until = models.DateField(_("截至"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.QUEUED)
    progress = models.PositiveSmallIntegerField(_("进度"), default=0)
    entries = models.PositiveIntegerField(_("条数"), default=0)
    hours = models.DecimalField(_("学时"), max_digits=12, decimal_places=2, default=0)
    people = models.PositiveIntegerField(_("人数"), default=0)
    files = models.PositiveIntegerField(_("文件数"), default=0)
    bytes = models.BigIntegerField(_("字节数"), default=0)
    # Name of the folder below the archive's root; empty until it is there under that name.
    path = models.CharField(max_length=255, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    failure_code = models.CharField(max_length=40, blank=True)
    failure_sentence = models.CharField(max_length=200, blank=True)
    created_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    sealed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("封装包")
        verbose_name_plural = _("封装包")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "year", "number"], name="package_number_once"),
            models.UniqueConstraint(
                fields=["unit"],
                condition=models.Q(state__in=["queued", "sealing"]),
                name="package_one_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return (
            f"{self.year} 年第 {self.number} 批" if self.number else f"{self.year} 年，还没有编号"
        )


class PackageCheck(models.Model):
    """One verification of every byte, as it came out."""

    package = models.ForeignKey(ArchivePackage, models.CASCADE, related_name="checks")
    checked_at = models.DateTimeField()
    checked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    files_checked = models.PositiveIntegerField()
    problem_count = models.PositiveIntegerField()
    # The first hundred: {"code", "path", "message"}.
    problems = models.JSONField(default=list)

    class Meta:
        verbose_name = _("核验")
        verbose_name_plural = _("核验")
        ordering = ["-checked_at"]

    def __str__(self) -> str:
        return f"{self.package} {self.checked_at:%Y-%m-%d %H:%M}"

    @property
    def is_whole(self) -> bool:
        return self.problem_count == 0


class ArchivedEntry(models.Model):
    """A ledger entry is in exactly one package."""

    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="archived")
    package = models.ForeignKey(ArchivePackage, models.PROTECT, related_name="members")

    def __str__(self) -> str:
        return f"{self.entry_id} in {self.package_id}"
