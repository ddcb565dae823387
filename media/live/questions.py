"""Questions to the lecturer: asked while the lecture lasts, shown and answered by moderators, kept."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext_noop

from lms.common.errors import Refusal
from lms.common.writing import is_readable, typed
from lms.journal.services import record
from lms.people.models import Person
from media.models import LiveQuestion, Livestream, ViewingSession

LONGEST, LONGEST_ANSWER = 500, 2000
BETWEEN = timedelta(seconds=20)
MOST = 20
State = LiveQuestion.State


class QuestionsClosed(Refusal):
    code = "questions_closed"
    status = 409
    sentence = gettext_noop("直播已经结束，不再收提问。答过的都在下面。")


class QuestionEmpty(Refusal):
    code = "question_empty"
    status = 422
    sentence = gettext_noop("还没有写内容，写好再发。")


class QuestionUnreadable(Refusal):
    code = "question_unreadable"
    status = 422
    sentence = gettext_noop("里面有看不见的控制字符，请删掉或重新输入。")


class QuestionLong(Refusal):
    code = "question_long"
    status = 422
    sentence = gettext_noop("写得太长：提问最多 500 字，答复最多 2000 字。请写短些再发。")


class AskedTooFast(Refusal):
    code = "asked_too_fast"
    status = 429
    sentence = gettext_noop("刚提过一个问题，过 20 秒再提下一个。写好的字还在。")


class AskedTooOften(Refusal):
    code = "asked_too_often"
    status = 429
    sentence = gettext_noop("一场直播每人最多提 20 个问题，你已经提满了。")


class QuestionKeyUsed(Refusal):
    code = "question_key_used"
    status = 409
    sentence = gettext_noop("这次提交和前一次不一样。请刷新页面，再提一次。")


@transaction.atomic
def ask(
    *, livestream: Livestream, text: str, client_key: UUID, by: Person, at: datetime
) -> LiveQuestion:
    """One question, once however often it is sent. Raises QuestionsClosed, QuestionEmpty,
    QuestionUnreadable, QuestionLong, AskedTooFast, AskedTooOften, QuestionKeyUsed."""
    wanted = _readable(text, longest=LONGEST)
    # One at a time for a person, or two tabs would both be the first.
    Person.objects.select_for_update(no_key=True).get(pk=by.pk)
    own = LiveQuestion.objects.filter(person=by)
    known = own.filter(client_key=client_key).first()
    if known is not None:
        if (known.livestream_id, known.text) != (livestream.pk, wanted):
            raise QuestionKeyUsed
        return known
    if Livestream.objects.filter(pk=livestream.pk, ended_at__isnull=False).exists():
        raise QuestionsClosed
    here = own.filter(livestream=livestream)
    if here.filter(asked_at__gt=at - BETWEEN).exists():
        raise AskedTooFast
    if here.count() >= MOST:
        raise AskedTooOften
    asked = LiveQuestion.objects.create(
        livestream=livestream, person=by, client_key=client_key, text=wanted, asked_at=at,
        changed_at=at, at_seconds=_place_of(by, livestream),
    )  # fmt: skip
    record(action="live.question_asked", by=by, at=at, obj=livestream)
    return asked


@transaction.atomic
def decide(*, question: LiveQuestion, is_shown: bool, by: Person, at: datetime) -> None:
    """Show a question to everyone, or keep it from them; with it goes its answer. The same again is nothing."""
    wanted = State.SHOWN if is_shown else State.ASIDE
    kept = LiveQuestion.objects.select_for_update(of=("self",)).select_related("livestream")
    known = kept.get(pk=question.pk)
    if known.state == wanted:
        return
    lost = {} if is_shown else {"answer": "", "answered_by": None}
    LiveQuestion.objects.filter(pk=known.pk).update(state=wanted, changed_at=at, **lost)
    record(
        action="live.question_shown" if is_shown else "live.question_set_aside", by=by, at=at,
        obj=known.livestream, detail={"question": known.text, "answer": known.answer},
    )  # fmt: skip


@transaction.atomic
def answer(*, question: LiveQuestion, text: str, by: Person, at: datetime) -> None:
    """An answer in words, in place of the one before; what is answered is shown. Raises QuestionEmpty,
    QuestionUnreadable, QuestionLong."""
    wanted = _readable(text, longest=LONGEST_ANSWER)
    kept = LiveQuestion.objects.select_for_update(of=("self",)).select_related("livestream")
    known = kept.get(pk=question.pk)
    if known.answer == wanted:
        return
    LiveQuestion.objects.filter(pk=known.pk).update(
        answer=wanted, answered_by=by, state=State.SHOWN, changed_at=at
    )
    record(
        action="live.question_answered", by=by, at=at, obj=known.livestream,
        detail={"question": known.text, "answer": wanted, "before": known.answer},
    )  # fmt: skip


def questions_for(*, livestream: Livestream, person: Person) -> QuerySet[LiveQuestion]:
    """Those shown to all, and one's own."""
    return livestream.questions.filter(Q(state=State.SHOWN) | Q(person=person))


def version_of(livestream: Livestream) -> str:
    """Changes whenever what everybody sees does."""
    changed = livestream.questions.exclude(state=State.ASKED).aggregate(at=Max("changed_at"))["at"]
    return changed.isoformat() if changed else ""


def _readable(text: str, *, longest: int) -> str:
    cleaned = typed(text)
    if not cleaned:
        raise QuestionEmpty
    if not is_readable(cleaned):
        raise QuestionUnreadable
    if len(cleaned) > longest:
        raise QuestionLong
    return cleaned


def _place_of(person: Person, livestream: Livestream) -> int | None:
    if not livestream.has_begun:
        return None
    viewing = ViewingSession.objects.filter(person=person, video=livestream.video_id)
    return viewing.values_list("position_seconds", flat=True).first()
