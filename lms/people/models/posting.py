"""Where a person served, and when."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from lms.people.models.person import Person
from lms.people.models.unit import Unit


class Posting(models.Model):
    """Where a person served, and when. Facts keep the posting they happened under."""

    class PostLevel(models.TextChoices):
        COUNTY = "county_level", _("县处级")
        TOWNSHIP = "township_level", _("乡科级")
        STAFF = "staff", _("科员及以下")

    person = models.ForeignKey(Person, models.PROTECT, related_name="postings")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="postings")
    title = models.CharField(_("职务"), max_length=120, blank=True)
    post_level = models.CharField(_("职务层次"), max_length=20, choices=PostLevel.choices)
    rank = models.CharField(_("职级"), max_length=40, blank=True)
    from_date = models.DateField(_("任职起"))
    to_date = models.DateField(_("任职止"), null=True, blank=True)

    class Meta:
        verbose_name = _("任职")
        verbose_name_plural = _("任职")
        constraints = [
            models.CheckConstraint(
                condition=Q(to_date__isnull=True) | Q(to_date__gte=F("from_date")),
                name="posting_ends_after_it_begins",
            ),
            ExclusionConstraint(
                name="posting_one_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    (
                        Func(
                            F("from_date"), F("to_date"), models.Value("[]"), function="daterange"
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.title}".strip()
