"""What a person says is wrong about them, and what was answered."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.people.models.person import Person


class CorrectionRequest(models.Model):
    """A person asks for their data to be corrected (PIPL art. 46); somebody of the unit answers."""

    class About(models.TextChoices):
        NAME = "name", _("姓名")
        CONTACT = "contact", _("手机号或邮箱")
        ID_NUMBER = "id_number", _("身份证号")
        POSTING = "posting", _("单位、职务或职级")
        HOURS = "hours", _("学时")
        OTHER = "other", _("其他")

    class State(models.TextChoices):
        WAITING = "waiting", _("待处理")
        CHANGED = "changed", _("已改")
        KEPT = "kept", _("不改")

    person = models.ForeignKey(Person, models.PROTECT, related_name="corrections")
    about = models.CharField(_("哪一项不对"), max_length=12, choices=About.choices)
    wrong = models.CharField(_("现在哪里不对"), max_length=300)
    wished = models.CharField(_("应该是什么"), max_length=300)
    asked_at = models.DateTimeField(_("申请时间"))
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.WAITING)
    answer = models.CharField(_("答复"), max_length=300, blank=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(_("答复时间"), null=True)

    class Meta:
        verbose_name = _("更正申请")
        verbose_name_plural = _("更正申请")
        indexes = [
            models.Index(
                fields=["asked_at"], condition=Q(state="waiting"), name="correction_waiting"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state="waiting", answer="", answered_by__isnull=True, answered_at__isnull=True
                )
                | (
                    ~Q(state="waiting")
                    & ~Q(answer="")
                    & Q(answered_by__isnull=False, answered_at__isnull=False)
                ),
                name="correction_answered_whole",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.get_about_display()}"
