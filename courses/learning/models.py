"""How far each learner is, and what they noted. Rows hold package and unit keys, so no page deletion
reaches them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.people.models import Person, Posting


class Enrolment(models.Model):
    """A person began a course package."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="enrolments")
    package_key = models.UUIDField()
    posting = models.ForeignKey(Posting, models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("学习登记")
        verbose_name_plural = _("学习登记")
        constraints = [
            models.UniqueConstraint(fields=["person", "package_key"], name="enrolled_once")
        ]
        indexes = [models.Index(fields=["person", "-last_seen_at"], name="enrolment_recent")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.package_key}"


class UnitProgress(models.Model):
    """Where a person stands in one unit. `short`: watched in part, the missing parts are known."""

    class Status(models.TextChoices):
        STARTED = "started", _("学习中")
        SHORT = "short", _("还差一段")
        DONE = "done", _("学完")

    person = models.ForeignKey(Person, models.PROTECT, related_name="unit_progress")
    unit_key = models.UUIDField()
    package_key = models.UUIDField()
    status = models.CharField(_("状态"), max_length=10, choices=Status.choices)
    covered_seconds = models.PositiveIntegerField(default=0)
    needed_seconds = models.PositiveIntegerField(default=0)
    completed_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField()
    entry_sequence = models.PositiveIntegerField(null=True)
    hours = models.DecimalField(max_digits=5, decimal_places=2, default=0)

    class Meta:
        verbose_name = _("单元进度")
        verbose_name_plural = _("单元进度")
        constraints = [
            models.UniqueConstraint(fields=["person", "unit_key"], name="progress_once_a_unit")
        ]
        indexes = [
            models.Index(fields=["person", "package_key"], name="progress_person_package"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.unit_key} {self.status}"


class LectureNote(models.Model):
    """What a person wrote down at a second of a lecture. Theirs alone; they change and delete it."""

    key = models.UUIDField()  # chosen by the form: sent twice, it is one note
    person = models.ForeignKey(Person, models.CASCADE, related_name="lecture_notes")
    package_key = models.UUIDField()
    unit_key = models.UUIDField()
    at_seconds = models.PositiveIntegerField()
    text = models.TextField(_("笔记"))
    written_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("笔记")
        verbose_name_plural = _("笔记")
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="note_once")]
        indexes = [
            models.Index(fields=["person", "unit_key", "at_seconds"], name="note_person_unit"),
            models.Index(fields=["person", "-changed_at"], name="note_person_recent"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.unit_key} {self.at_seconds}"
