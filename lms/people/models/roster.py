"""A roster that somebody imports: what was asked, how far it is, and what came of it."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.people.models.person import Person
from lms.people.models.unit import Unit


def source_path(roster: "RosterImport", name: str) -> str:
    """Below the upload folder, which no address serves. The name people gave it stays in `file_name`."""
    suffix = ".xlsx" if name.lower().endswith(".xlsx") else ".csv"
    return f"rosters/{roster.key}/source{suffix}"


class RosterImport(models.Model):
    """One file. Read once to show what it would change, and again to change it."""

    class State(models.TextChoices):
        MAPPING = "mapping", _("等你核对列名")
        CHECKING = "checking", _("正在核对")
        PREVIEW = "preview", _("等你确认")
        WRITING = "writing", _("正在导入")
        DONE = "done", _("已导入")
        REFUSED = "refused", _("没有导入")
        CANCELLED = "cancelled", _("已取消")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # The smallest unit above everything its importer may touch: whoever manages it may look.
    # None: imported by command, for every unit.
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("单位")
    )
    created_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="roster_imports", verbose_name=_("导入人")
    )
    created_at = models.DateTimeField(_("时间"))
    file = models.FileField(upload_to=source_path, blank=True, max_length=200)
    file_name = models.CharField(_("文件名"), max_length=120)
    file_bytes = models.PositiveBigIntegerField(default=0)
    file_digest = models.CharField(max_length=64)
    # How the file was read (see reading.Sheet), its heading row, and three rows to recognise columns by.
    layout = models.JSONField(default=dict)
    heading_row = models.PositiveIntegerField(default=0)
    headings = models.JSONField(default=list)
    examples = models.JSONField(default=list)
    # Field → index of the column.
    columns = models.JSONField(default=dict)

    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.MAPPING)
    progress = models.PositiveSmallIntegerField(default=0)
    queued_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    worker = models.UUIDField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    rows = models.PositiveIntegerField(_("行数"), default=0)
    created = models.PositiveIntegerField(_("新增"), default=0)
    updated = models.PositiveIntegerField(_("变动"), default=0)
    unchanged = models.PositiveIntegerField(_("不变"), default=0)
    rejected = models.PositiveIntegerField(_("没有导入"), default=0)
    foreign = models.PositiveIntegerField(default=0)
    # {"transferred", "renamed", "contacts", "samples": [{row, name, staff_number, changes}]}
    summary = models.JSONField(default=dict)
    # Of what the preview showed. What would be written now must be the same.
    plan_digest = models.CharField(max_length=32, blank=True)
    leaves_out_foreign = models.BooleanField(default=False)
    failure_code = models.CharField(max_length=40, blank=True)
    failure_sentence = models.CharField(max_length=300, blank=True)
    finished_at = models.DateTimeField(null=True)
    purged_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("名册导入")
        verbose_name_plural = _("名册导入")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.file_name


class RosterRejection(models.Model):
    """Why a row is not taken. Kept as long as the file; several of one row are several."""

    roster = models.ForeignKey(RosterImport, models.CASCADE, related_name="rejections")
    row = models.PositiveIntegerField(_("行"))
    column = models.CharField(_("列"), max_length=60)
    code = models.CharField(max_length=40)
    message = models.CharField(_("说明"), max_length=300)
    # The row as the file has it, so that it can be mended and imported again.
    cells = models.JSONField(default=list)

    class Meta:
        verbose_name = _("没有导入的行")
        verbose_name_plural = _("没有导入的行")
        ordering = ["row", "pk"]
        indexes = [models.Index(fields=["roster", "row"], name="roster_rejection_row")]

    def __str__(self) -> str:
        return f"{self.row} {self.code}"
