"""Writers of occasions, rosters, sign-ins at the server, and decisions."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop

from lms.attendance.codes import THE_ROOM, code_doubt
from lms.attendance.models import Decision, Expected, Occasion, Scan
from lms.attendance.receiving import Receipt, SentScan, keep_scans
from lms.attendance.rules import Doubt, outside
from lms.attendance.selectors import standing_decision
from lms.common.clock import local_date
from lms.common.errors import Refusal
from lms.journal.services import record
from lms.people.models import Person
from lms.people.selectors import posting_on

REFUSALS: Mapping[Doubt, str] = {
    Doubt.CODE_UNREADABLE: gettext_noop("这不是现场的签到码。请对准投影上的二维码再扫一次。"),
    Doubt.CODE_OF_ANOTHER_OCCASION: gettext_noop("这是另一场的签到码。请扫这一场投影上的二维码。"),
    Doubt.CODE_OF_ANOTHER_PERSON: gettext_noop("这不是现场的签到码，是某人的个人码。"),
    Doubt.CODE_STALE: gettext_noop("签到码已经换过了，照片和截图不能用。请扫投影上现在的二维码。"),
    Doubt.OUTSIDE_WINDOW: gettext_noop("现在不在签到时间内。如果你在现场，请找班级管理员登记。"),
    Doubt.NOT_EXPECTED: gettext_noop("你不在这一场的名单上。请找班级管理员登记为临时到场。"),
}


class SignInRefused(Refusal):
    """`code` is the doubt's."""

    status = 409


class NobodyServing(Refusal):
    code = "nobody_serving"
    sentence = gettext_noop("这个人当天没有任职单位，不能列入名单。请先核对任职。")


class ReasonMissing(Refusal):
    code = "reason_missing"
    sentence = gettext_noop("请写明理由：本人和审计都会看到。")


class OwnAttendance(Refusal):
    code = "own_attendance"
    sentence = gettext_noop("不能决定自己的考勤。请由另一位管理员处理。")
    status = 403


class DecidedMeanwhile(Refusal):
    code = "decided_meanwhile"
    sentence = gettext_noop("另一位管理员刚刚处理了这一条。请看过他的决定再改。")
    status = 409


def open_occasion(
    *, kind: str, source_key: str, facts: Mapping[str, object], by: Person | None, at: datetime
) -> Occasion:
    """Make the occasion of a source, or bring its `facts` (fields of Occasion) up to date."""
    with transaction.atomic():
        occasion, is_new = Occasion.objects.select_for_update().get_or_create(
            kind=kind, source_key=source_key, defaults=dict(facts)
        )
        if is_new:
            record(action="attendance.occasion_opened", by=by, at=at, obj=occasion)
            return occasion
        changed = [name for name, value in facts.items() if getattr(occasion, name) != value]
        if changed:
            for name in changed:
                setattr(occasion, name, facts[name])
            occasion.save(update_fields=changed)
            detail = {"fields": changed}
            record(action="attendance.occasion_changed", by=by, at=at, obj=occasion, detail=detail)
    return occasion


def expect(
    *, occasion: Occasion, persons: Sequence[Person], via: str, by: Person | None, at: datetime
) -> None:
    """Put persons on the roster; who is on it already stays as they are. Raises NobodyServing."""
    day = local_date(occasion.starts_at)
    with transaction.atomic():
        for person in persons:
            posting = posting_on(person=person, on=day)
            if posting is None:
                raise NobodyServing
            row, is_new = Expected.objects.get_or_create(
                occasion=occasion,
                person=person,
                defaults={"posting": posting, "via": via, "added_at": at, "added_by": by},
            )
            if not is_new and row.withdrawn_at is not None:
                Expected.objects.filter(pk=row.pk).update(withdrawn_at=None, via=via, added_at=at)
        detail = {"persons": len(persons), "via": via}
        record(action="attendance.expected", by=by, at=at, obj=occasion, detail=detail)


def stop_expecting(*, occasion: Occasion, person: Person, by: Person, at: datetime) -> None:
    """Take a person off the roster; the row stays, with the time."""
    with transaction.atomic():
        rows = Expected.objects.filter(occasion=occasion, person=person, withdrawn_at=None)
        if rows.update(withdrawn_at=at):
            record(action="attendance.unexpected", by=by, at=at, obj=occasion, subject=person)


def sign_in_by_room_code(
    *,
    occasion: Occasion,
    direction: Scan.Direction,
    code: str,
    client_key: UUID,
    by: Person,
    at: datetime,
) -> Receipt:
    """A learner's own phone read the code on the projector. Raises SignInRefused."""
    doubt = outside(at, occasion.window) or code_doubt(
        code, person_id=THE_ROOM, occasion_key=occasion.key, happened_at=at
    )
    is_on_roster = Expected.objects.filter(occasion=occasion, person=by, withdrawn_at=None)
    if doubt is None and not is_on_roster.exists():
        doubt = Doubt.NOT_EXPECTED
    if doubt is not None:
        record(
            action="attendance.sign_in_refused", by=by, at=at, obj=occasion, outcome="refused",
            code=doubt,
        )  # fmt: skip
        raise SignInRefused(REFUSALS[doubt], code=doubt)
    # A repeat reads another code a moment later and is the same sign-in: neither is in the digest.
    when = occasion.starts_at
    sent = SentScan(client_key, occasion.key, by.pk, direction, Scan.Method.PROJECTOR, when)
    row = Scan(
        occasion=occasion, person=by, direction=direction, method=sent.method, happened_at=at,
        received_at=at, by=by, client_key=client_key, digest=sent.digest,
    )  # fmt: skip
    with transaction.atomic():
        [receipt] = keep_scans([(sent, row)], by=by)
        record(action="attendance.signed_in", by=by, at=at, obj=occasion)
    return receipt


def decide(
    *,
    occasion: Occasion,
    person: Person,
    ruling: Decision.Ruling,
    reason: str,
    scan: Scan | None = None,
    seen: Decision | None = None,
    by: Person,
    at: datetime,
) -> Decision:
    """Settle a scan, or the verdict of a person, above what the evidence says.

    `seen` is the decision the actor saw standing, None if there was none: somebody else's since is
    not overruled unseen. Raises ReasonMissing, OwnAttendance, DecidedMeanwhile.
    """
    if not reason.strip():
        raise ReasonMissing
    if person.pk == by.pk:
        raise OwnAttendance
    with transaction.atomic():
        if standing_decision(occasion=occasion, person_id=person.pk, scan=scan) != seen:
            raise DecidedMeanwhile
        try:
            with transaction.atomic():
                decision = Decision.objects.create(
                    occasion=occasion, person=person, scan=scan, ruling=ruling,
                    reason=reason.strip(), decided_by=by, decided_at=at, replaces=seen,
                )  # fmt: skip
        except IntegrityError as error:
            raise DecidedMeanwhile from error
        detail = {"ruling": str(ruling), "scan": scan.pk if scan else None}
        record(
            action="attendance.decided", by=by, at=at, obj=decision, subject=person,
            reason=reason, detail=detail,
        )  # fmt: skip
    return decision
