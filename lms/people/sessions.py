"""Sessions as people know them: begun by signing in, ended by leaving, by time or by somebody.

`Person.session_epoch` is part of every session's hash, so ending all of a person's sessions is one
UPDATE in the caller's transaction and holds whatever the cache still says.
"""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from lms.common.acts import note
from lms.people.models import Person, SignIn

# In a session: which sign-in began it, when (seconds), and when its person last did something.
SIGN_IN, SINCE, SEEN = "sign_in", "signed_in_at", "seen_at"


def begin_session(
    *, person: Person, way: str, has_second_factor: bool, address: str | None, agent: str,
    at: datetime,
) -> SignIn:  # fmt: skip
    """Record a sign-in. Where one session is allowed, those before it end; the caller's hash is new."""
    with transaction.atomic():
        if settings.QIANGJI["ONE_SESSION_PER_ACCOUNT"]:
            _end(person, SignIn.End.REPLACED, at)
        return SignIn.objects.create(
            person=person,
            at=at,
            last_seen_at=at,
            way=way,
            has_second_factor=has_second_factor,
            address=address,
            agent=agent[:200],
        )


def end_sessions(*, person: Person, why: str, by: Person | None, at: datetime) -> int:
    """End every session of `person`, now and whatever the cache holds. Returns how many were live.

    `why` is one of SignIn.End; the person reads it at the next click. Call it in the transaction that
    changes their roles, suspends them or resets what they sign in with.
    """
    with transaction.atomic():
        ended = _end(person, why, at)
        if ended:
            note(
                action="people.sessions_ended", by=by, at=at, obj=person,
                detail={"why": str(why), "sessions": ended},
            )  # fmt: skip
    return ended


def close_session(*, sign_in: int, why: str, at: datetime) -> None:
    """Write down that one session has ended; the caller has flushed it."""
    SignIn.objects.filter(pk=sign_in, ended_at__isnull=True).update(ended_at=at, end=why)


def mark_seen(*, sign_in: int, at: datetime) -> None:
    SignIn.objects.filter(pk=sign_in, ended_at__isnull=True).update(last_seen_at=at)


def ending_of(sign_in: int) -> str:
    """Why that session is over, in words for its person."""
    row = SignIn.objects.filter(pk=sign_in).first()
    return ending_sentence(row.end if row else "")


def ending_sentence(why: str) -> str:
    words: dict[str, str] = {
        SignIn.End.REPLACED: _(
            "你的账号刚刚在另一处登录，这里的登录已经结束。不是你本人的话，请马上改密码并告诉安全管理员。"
        ),
        SignIn.End.IDLE: _(
            "超过 %(minutes)s 分钟没有操作，已经自动退出。请重新登录，学习进度都在。"
        )
        % {"minutes": settings.QIANGJI["SESSION_IDLE_MINUTES"]},
        SignIn.End.AGE: _("这次登录已满 12 小时，请重新登录。"),
        SignIn.End.PASSWORD_CHANGED: _("密码改过了，请用新密码重新登录。"),
        SignIn.End.ROLE_CHANGED: _("你的权限有变动，请重新登录。"),
        SignIn.End.SUSPENDED: _("这个账号停用了。觉得不对，请联系单位培训管理员。"),
        SignIn.End.MERGED: _(
            "这个账号并入了你的另一个人员编号。请用保留的编号登录，记录都在那里。"
        ),
        SignIn.End.FACTOR_RESET: _("安全管理员重置了你的第二重验证，请重新登录。"),
    }
    return words.get(why, _("登录已经失效，请重新登录。"))


def _end(person: Person, why: str, at: datetime) -> int:
    Person.objects.filter(pk=person.pk).update(session_epoch=F("session_epoch") + 1)
    person.refresh_from_db(fields=["session_epoch"])
    return SignIn.objects.filter(person=person, ended_at__isnull=True).update(ended_at=at, end=why)
