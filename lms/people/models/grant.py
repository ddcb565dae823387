"""What a person may do, where and until when."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import ExpressionWrapper, F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from lms.people.models.person import Person
from lms.people.models.unit import Unit
from lms.people.roles import ADMINISTRATORS, Role


def _days(start: F | None, end: F, bounds: str) -> Func:
    first = Value(None) if start is None else start
    return Func(first, end, Value(bounds), function="daterange", output_field=DateRangeField())


def days_in_force() -> ExpressionWrapper:
    """The days a grant counts: from its first to its last, and only before it was revoked."""
    granted = _days(F("from_date"), F("to_date"), "[]")
    before = _days(None, F("revoked_on"), "[)")
    return ExpressionWrapper(granted * before, output_field=DateRangeField())


class RoleGrant(models.Model):
    """A person holds a role in a unit's subtree from a day to a day (both included).

    Revoking keeps the row: from `revoked_on` it counts no more, whatever its last day.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="role_grants")
    role = models.CharField(_("角色"), max_length=20, choices=Role.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="role_grants")
    from_date = models.DateField(_("起"))
    to_date = models.DateField(_("止"), null=True, blank=True)
    granted_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="grants_made"
    )
    granted_at = models.DateTimeField()
    revoked_on = models.DateField(_("收回"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="grants_revoked"
    )

    class Meta:
        verbose_name = _("角色授权")
        verbose_name_plural = _("角色授权")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role", "unit", "from_date"],
                condition=Q(revoked_on__isnull=True),
                name="role_grant_once",
            ),
            models.CheckConstraint(
                condition=Q(to_date__isnull=True) | Q(to_date__gte=F("from_date")),
                name="role_grant_ends_after_it_begins",
            ),
            # 三员分立 (domain §6): no day on which one person holds two of the three.
            ExclusionConstraint(
                name="administrators_exclude_each_other",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("role", RangeOperators.NOT_EQUAL),
                    (days_in_force(), RangeOperators.OVERLAPS),
                ],
                condition=Q(role__in=ADMINISTRATORS),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.get_role_display()} {self.unit}"
