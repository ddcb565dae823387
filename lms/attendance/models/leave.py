"""Leave asked for and answered."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.attendance.models.occasion import Occasion
from lms.people.models import Person


class LeaveRequest(models.Model):
    """One person asks to be away from one occasion; another person grants or refuses it."""

    class Kind(models.TextChoices):
        DUTY = "duty", _("公务")
        ILLNESS = "illness", _("病假")
        PERSONAL = "personal", _("事假")

    class State(models.TextChoices):
        ASKED = "asked", _("待审批")
        GRANTED = "granted", _("已准假")
        REFUSED = "refused", _("未准假")
        WITHDRAWN = "withdrawn", _("已撤回")

    occasion = models.ForeignKey(Occasion, models.PROTECT, related_name="leave_requests")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    kind = models.CharField(_("类型"), max_length=10, choices=Kind.choices)
    reason = models.CharField(_("事由"), max_length=300)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(_("答复"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("请假")
        verbose_name_plural = _("请假")
        constraints = [
            models.UniqueConstraint(
                fields=["occasion", "person"],
                condition=Q(state__in=["asked", "granted"]),
                name="leave_one_open",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "withdrawn"]) | Q(decided_by__isnull=False),
                name="leave_answered_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=models.F("person")), name="leave_not_by_oneself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.occasion_id} {self.person_id} {self.state}"
