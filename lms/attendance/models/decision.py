"""What a human decided about a scan or about somebody's attendance; a chain, never a change."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.attendance.models.occasion import Occasion
from lms.attendance.models.scan import Scan
from lms.journal.models import append_only
from lms.people.models import Person


class Decision(models.Model):
    """About a scan: does it count? About a person at an occasion: which verdict stands?

    A later decision names the one it `replaces`; what nothing replaces, stands. Two people deciding
    at once cannot both replace the same one.
    """

    class Ruling(models.TextChoices):
        ACCEPTED = "accepted", _("认可")
        REJECTED = "rejected", _("不认可")
        ON_TIME = "on_time", _("按时")
        LATE = "late", _("迟到")
        LEFT_EARLY = "left_early", _("早退")
        ABSENT = "absent", _("缺勤")
        ON_LEAVE = "on_leave", _("请假")
        AS_RECORDED = "as_recorded", _("恢复原判")

    occasion = models.ForeignKey(Occasion, models.PROTECT, related_name="decisions")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    scan = models.ForeignKey(Scan, models.PROTECT, null=True, related_name="decisions")
    ruling = models.CharField(_("决定"), max_length=12, choices=Ruling.choices)
    reason = models.CharField(_("理由"), max_length=300)
    decided_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        verbose_name = _("考勤决定")
        verbose_name_plural = _("考勤决定")
        constraints = [
            models.UniqueConstraint(
                fields=["scan"],
                condition=Q(replaces__isnull=True, scan__isnull=False),
                name="decision_first_of_scan",
            ),
            models.UniqueConstraint(
                fields=["occasion", "person"],
                condition=Q(replaces__isnull=True, scan__isnull=True),
                name="decision_first_of_person",
            ),
            models.CheckConstraint(
                condition=Q(scan__isnull=False, ruling__in=["accepted", "rejected"])
                | (Q(scan__isnull=True) & ~Q(ruling__in=["accepted", "rejected"])),
                name="decision_ruling_fits",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="decision_has_a_reason"),
        ]
        triggers = append_only("attendance_decision")

    def __str__(self) -> str:
        return f"{self.occasion_id} {self.person_id} {self.ruling}"
