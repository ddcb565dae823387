"""Sign-ins as they happened, failures as they are counted, and passwords that may not come back."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.people.models.person import Person


class SignIn(models.Model):
    """One session from its beginning to its end. A session lives while its row has no end."""

    class Way(models.TextChoices):
        PASSWORD = "password", _("密码")
        PASSKEY = "passkey", _("通行密钥")
        SSO = "sso", _("统一身份")
        ACTIVATION = "activation", _("激活码")

    class End(models.TextChoices):
        SIGNED_OUT = "signed_out", _("自己退出")
        REPLACED = "replaced", _("在别处登录")
        IDLE = "idle", _("长时间没有操作")
        AGE = "age", _("登录时间已满")
        PASSWORD_CHANGED = "password_changed", _("密码改过")
        ROLE_CHANGED = "role_changed", _("权限有变动")
        SUSPENDED = "suspended", _("账号停用")
        MERGED = "merged", _("账号已合并")
        FACTOR_RESET = "factor_reset", _("第二重验证被重置")
        ENDED = "ended", _("被管理员结束")

    person = models.ForeignKey(Person, models.PROTECT, related_name="sign_ins")
    at = models.DateTimeField(_("登录时间"))
    way = models.CharField(_("方式"), max_length=12, choices=Way.choices)
    has_second_factor = models.BooleanField(_("有第二重验证"), default=False)
    address = models.GenericIPAddressField(_("来源地址"), null=True)
    agent = models.CharField(_("浏览器"), max_length=200, blank=True)
    last_seen_at = models.DateTimeField(_("最近操作"))
    ended_at = models.DateTimeField(_("结束时间"), null=True)
    end = models.CharField(_("结束原因"), max_length=20, choices=End.choices, blank=True)

    class Meta:
        verbose_name = _("登录")
        verbose_name_plural = _("登录")
        indexes = [models.Index(fields=["person", "-at"], name="sign_in_person")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end="") | Q(ended_at__isnull=False) & ~Q(end=""),
                name="sign_in_ends_for_a_reason",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.at:%Y-%m-%d %H:%M}"


class SignInFailures(models.Model):
    """Failures in a row, of record here and not in the cache: emptying Valkey forgives nobody.

    `key` names what is counted: an account, a device known for an account, a network address.
    """

    key = models.CharField(primary_key=True, max_length=96)
    failures = models.PositiveIntegerField(default=0)
    first_failed_at = models.DateTimeField()
    last_failed_at = models.DateTimeField(db_index=True)
    locked_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("登录失败")
        verbose_name_plural = _("登录失败")

    def __str__(self) -> str:
        return f"{self.key} {self.failures}"


class FormerPassword(models.Model):
    """A password once set, as its hash: it may not be chosen again for some time."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="former_passwords")
    encoded = models.CharField(max_length=128)
    set_at = models.DateTimeField()

    class Meta:
        verbose_name = _("用过的密码")
        verbose_name_plural = _("用过的密码")
        ordering: ClassVar[list[str]] = ["-set_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.person} {self.set_at:%Y-%m-%d}"
