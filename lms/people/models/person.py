"""A cadre, who is also the account that signs in."""

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Upper
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _


def letters_of(name: str) -> Func:
    """The characters of a name, one by one: an index over them finds 晓芸 inside 吴晓芸.

    Trigrams would not: PostgreSQL's see no letters in Chinese where the locale is C.
    """
    return Func(
        F(name),
        template="string_to_array(%(expressions)s, NULL)",
        output_field=ArrayField(models.TextField()),
    )


class PersonManager(BaseUserManager["Person"]):
    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(staff_number=username)


class Person(AbstractBaseUser, PermissionsMixin):
    """A cadre. Signs in with the staff number; holds postings and role grants over time."""

    staff_number = models.CharField(_("人员编号"), max_length=32, unique=True)
    name = models.CharField(_("姓名"), max_length=60)
    pinyin_initials = models.CharField(max_length=30, blank=True, editable=False, db_index=True)
    phone = models.CharField(_("手机号"), max_length=20, blank=True)
    email = models.EmailField(_("邮箱"), blank=True)
    id_number = models.CharField(_("身份证号"), max_length=18, blank=True)
    is_active = models.BooleanField(_("启用"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    # The person this account turned out to be. Never a merged account itself: one step leads there.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="merged_accounts"
    )
    password_changed_at = models.DateTimeField(null=True, editable=False)
    # Part of every session's hash: raising it ends them all, in the caller's transaction.
    session_epoch = models.PositiveIntegerField(default=0, db_default=0, editable=False)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "staff_number"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("人员")
        verbose_name_plural = _("人员")
        constraints = [
            # Rights come from role grants alone: nobody stands outside them.
            models.CheckConstraint(condition=Q(is_superuser=False), name="nobody_is_superuser"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(is_active=False),
                name="person_merged_is_inactive",
            ),
            models.CheckConstraint(
                condition=~Q(merged_into=F("pk")), name="person_merged_into_another"
            ),
        ]
        indexes = [
            GinIndex(letters_of("name"), name="person_name_letters"),
            models.Index(
                OpClass(Upper("staff_number"), "text_pattern_ops"), name="person_number_prefix"
            ),
            models.Index(fields=["pinyin_initials", "name", "id"], name="person_by_pinyin"),
            models.Index(fields=["phone"], name="person_phone"),
            models.Index(Upper("email"), name="person_email"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Django's hash of the password, and the epoch: sessions end without looking for them."""
        salt = "lms.people.models.Person.session_auth_hash"
        bound = f"{self.password}|{self.session_epoch}"
        return salted_hmac(salt, bound, secret=secret, algorithm="sha256").hexdigest()

    @property
    def first_name(self) -> str:
        """What Wagtail's sidebar calls a person; it would show the staff number otherwise."""
        return self.name
