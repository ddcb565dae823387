"""What a password must be like, how long it lasts, and the one way to set it."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.people.models import FormerPassword, Person, SignIn


def _is_sign(sign: str) -> bool:
    return not (sign.islower() or sign.isupper() or sign.isdigit())


KINDS = (str.islower, str.isupper, str.isdigit, _is_sign)


def kinds_in(password: str) -> int:
    """How many of lower case, upper case, digits and signs there are. Han characters are signs."""
    return sum(any(map(kind, password)) for kind in KINDS)


class LongEnough:
    def validate(self, password: str, user: Any = None) -> None:
        least = settings.QIANGJI["PASSWORD_MIN_LENGTH"]
        if len(password) < least:
            raise ValidationError(
                _("密码至少要 %(least)s 个字符。") % {"least": least}, code="password_too_short"
            )

    def get_help_text(self) -> str:
        return _("至少 %(least)s 个字符") % {"least": settings.QIANGJI["PASSWORD_MIN_LENGTH"]}


class MixedKinds:
    def validate(self, password: str, user: Any = None) -> None:
        if kinds_in(password) < settings.QIANGJI["PASSWORD_CLASSES"]:
            raise ValidationError(
                _("小写字母、大写字母、数字、符号里，密码至少要有 %(least)s 种。")
                % {"least": settings.QIANGJI["PASSWORD_CLASSES"]},
                code="password_too_plain",
            )

    def get_help_text(self) -> str:
        return _("小写字母、大写字母、数字、符号里至少 %(least)s 种") % {
            "least": settings.QIANGJI["PASSWORD_CLASSES"]
        }


class NotUsedBefore:
    def validate(self, password: str, user: Any = None) -> None:
        kept = settings.QIANGJI["PASSWORD_HISTORY"]
        if not kept or not isinstance(user, Person) or user.pk is None:
            return
        before = [user.password, *user.former_passwords.values_list("encoded", flat=True)[:kept]]
        if any(check_password(password, encoded) for encoded in dict.fromkeys(before)):
            raise ValidationError(
                ngettext(
                    "这个密码最近用过，换一个没用过的。",
                    "最近 %(count)s 次用过的密码不能再用，换一个没用过的。",
                    kept,
                )
                % {"count": kept},
                code="password_used_before",
            )

    def get_help_text(self) -> str:
        return _("最近用过的密码不能再用")


class ResetLinks(PasswordResetTokenGenerator):
    """Links by mail. What ends all sessions (a role, a suspension, a merge) ends them as well."""

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}|{user.session_epoch}"


def set_password(*, person: Person, password: str, at: datetime, keep: int = 0) -> None:
    """Set the password and remember its hash. Sessions end with the old one, except sign-in `keep`.

    The caller checked it by `django.contrib.auth.password_validation.validate_password`.
    """
    with transaction.atomic():
        person.set_password(password)
        person.password_changed_at = at
        person.save(update_fields=["password", "password_changed_at"])
        FormerPassword.objects.create(person=person, encoded=person.password, set_at=at)
        kept = person.former_passwords.all()[: max(1, settings.QIANGJI["PASSWORD_HISTORY"])]
        person.former_passwords.exclude(pk__in=[one.pk for one in kept]).delete()
        SignIn.objects.filter(person=person, ended_at__isnull=True).exclude(pk=keep).update(
            ended_at=at, end=SignIn.End.PASSWORD_CHANGED
        )


def is_expired(person: Person, *, at: datetime) -> bool:
    days = settings.QIANGJI["PASSWORD_EXPIRES_DAYS"]
    if not days or not person.has_usable_password():
        return False
    return (person.password_changed_at or person.created_at) + timedelta(days=days) < at
