"""Seats of a stop and the people who hold or wait for one."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courses.classroom.models.trip import Stop
from lms.people.models import Person, Posting, Unit


class SeatPool(models.Model):
    """Some of a stop's seats: kept for a unit's people until `release_at`, or open to all (`unit` empty).

    `taken` is raised by one statement that also looks at `seats`; the constraint says the same.
    """

    stop = models.ForeignKey(Stop, models.CASCADE, related_name="pools")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    seats = models.PositiveSmallIntegerField(_("座位"))
    taken = models.PositiveSmallIntegerField(default=0, editable=False)
    release_at = models.DateTimeField(_("几时起向所有人开放"), null=True, blank=True)

    class Meta:
        verbose_name = _("名额")
        verbose_name_plural = _("名额")
        constraints = [
            models.UniqueConstraint(
                fields=["stop", "unit"], nulls_distinct=False, name="seat_pool_once_a_unit"
            ),
            models.CheckConstraint(
                condition=Q(taken__lte=F("seats")), name="seat_pool_never_overfull"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stop_id}: {self.taken}/{self.seats}"


class SignUp(models.Model):
    """A person holds a seat of a stop, or waits for one. A withdrawn row stays."""

    class State(models.TextChoices):
        HELD = "held", _("已报名")
        WAITING = "waiting", _("候补")
        WITHDRAWN = "withdrawn", _("已退出")

    class Via(models.TextChoices):
        SIGNED_UP = "signed_up", _("本人报名")
        ASSIGNED = "assigned", _("单位指派")

    stop = models.ForeignKey(Stop, models.PROTECT, related_name="sign_ups")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    posting = models.ForeignKey(Posting, models.PROTECT, related_name="+")
    pool = models.ForeignKey(SeatPool, models.PROTECT, null=True, related_name="sign_ups")
    state = models.CharField(_("状态"), max_length=10, choices=State.choices)
    via = models.CharField(_("来源"), max_length=10, choices=Via.choices)
    asked_at = models.DateTimeField(_("报名时间"))
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    promoted_at = models.DateTimeField(_("候补转正"), null=True)
    withdrawn_at = models.DateTimeField(_("退出时间"), null=True)

    class Meta:
        verbose_name = _("报名")
        verbose_name_plural = _("报名")
        constraints = [
            models.UniqueConstraint(
                fields=["stop", "person"],
                condition=~Q(state="withdrawn"),
                name="sign_up_once",
            ),
            models.CheckConstraint(
                condition=Q(state="held", pool__isnull=False)
                | Q(state__in=["waiting", "withdrawn"], pool__isnull=True),
                name="sign_up_held_has_a_seat",
            ),
        ]
        indexes = [models.Index(fields=["person", "state"], name="sign_up_of_person")]

    def __str__(self) -> str:
        return f"{self.stop_id} {self.person_id} {self.state}"
