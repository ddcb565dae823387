"""First sign-in: a code handed out on paper, good once."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lms.people.models.person import Person


class ActivationCode(models.Model):
    """The digest of a code. The code itself was shown once, to whoever issued it."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="activation_codes")
    digest = models.CharField(max_length=64, unique=True)
    issued_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField(_("发放时间"))
    expires_at = models.DateTimeField(_("失效时间"))
    used_at = models.DateTimeField(_("使用时间"), null=True)
    revoked_at = models.DateTimeField(_("作废时间"), null=True)

    class Meta:
        verbose_name = _("激活码")
        verbose_name_plural = _("激活码")
        constraints = [
            # Issuing a new one revokes the old one in the same transaction.
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(used_at__isnull=True, revoked_at__isnull=True),
                name="activation_code_one_open",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("issued_at")), name="activation_code_expires"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.issued_at:%Y-%m-%d}"
