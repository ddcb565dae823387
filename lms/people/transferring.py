"""Writers of postings over time: a transfer, and the correction of the last one."""

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from lms.common.acts import note
from lms.common.clock import local_date
from lms.common.errors import Refusal
from lms.people.models import Person, Posting, Unit
from lms.people.refusing import refusals_noted
from lms.people.selectors import grants_by_place
from lms.people.services import start_posting
from lms.people.unit_checks import UnitClosed

DAY = timedelta(days=1)


class TransferTooEarly(Refusal):
    code = "transfer_too_early"
    sentence = "任职起要晚于现在这段任职的开始日期。日期填错了，就用「更正」改现在这一段。"


class PostingUnchanged(Refusal):
    code = "posting_unchanged"
    sentence = "和现在的任职一模一样，没有要改的。"


class PostingOverlaps(Refusal):
    code = "posting_overlaps"
    sentence = "和已有的一段任职日期重叠。请先核对任职经过里的起止日期。"
    status = 409


class PostingHasFacts(Refusal):
    code = "posting_has_facts"
    sentence = "这段任职下已经有学时或学习记录，单位和职务层次不能更正，否则以前的学时会跟着变。请办理调动。"
    status = 409


class NoPosting(Refusal):
    code = "no_posting"
    sentence = "这个人还没有任职，没有可更正的。请先办理任职。"
    status = 409


class AccountMerged(Refusal):
    code = "person_already_merged"
    sentence = "这个账号已经并入另一个人员编号。请用保留的那个人员编号办理。"
    status = 409


def transfer(
    *,
    person: Person,
    unit: Unit,
    title: str,
    post_level: str,
    rank: str,
    from_date: date,
    by: Person,
    at: datetime,
) -> Posting:
    """Begin a posting in `unit`; the one before ends the day before and keeps all its facts.

    Roles are not part of a posting: those elsewhere stay in force, and are noted.

    Raises AccountMerged, UnitClosed, PostingUnchanged, TransferTooEarly, PostingOverlaps.
    """
    with refusals_noted(action="people.transferred", by=by, at=at, obj=person):
        before = _locked_postings(person, unit)
        current = before[0] if before else None
        if current is not None:
            if _facts(current) == (unit.pk, title, post_level, rank):
                raise PostingUnchanged
            if from_date <= current.from_date:
                raise TransferTooEarly
        try:
            with transaction.atomic():
                posting = start_posting(
                    person=person, unit=unit, title=title, post_level=post_level, rank=rank,
                    from_date=from_date,
                )  # fmt: skip
        except IntegrityError as error:
            raise PostingOverlaps from error
        _here, elsewhere = grants_by_place(person=person, unit=unit, on=local_date(at))
        note(
            action="people.transferred", by=by, at=at, obj=person,
            detail={
                "grants_elsewhere": [f"{grant.role} {grant.unit.code}" for grant in elsewhere],
                "from_unit": current.unit.code if current else "", "to_unit": unit.code,
                "from_date": from_date.isoformat(), "posting": posting.pk,
            },
        )  # fmt: skip
        return posting


def correct_posting(
    *,
    person: Person,
    unit: Unit,
    title: str,
    post_level: str,
    rank: str,
    from_date: date,
    reason: str,
    by: Person,
    at: datetime,
) -> Posting:
    """Mend the last posting. Its unit and level only while no fact has happened under it.

    Raises AccountMerged, NoPosting, UnitClosed, PostingUnchanged, PostingHasFacts, TransferTooEarly.
    """
    with refusals_noted(action="people.posting_corrected", by=by, at=at, obj=person):
        postings = _locked_postings(person, unit)
        if not postings:
            raise NoPosting
        last, before = postings[0], postings[1] if len(postings) > 1 else None
        wanted = (unit.pk, title, post_level, rank)
        if (*_facts(last), last.from_date) == (*wanted, from_date):
            raise PostingUnchanged
        if (last.unit_id, last.post_level) != (unit.pk, post_level) and has_facts(last):
            raise PostingHasFacts
        old = {"unit": last.unit.code, "title": last.title, "post_level": last.post_level,
               "rank": last.rank, "from_date": last.from_date.isoformat()}  # fmt: skip
        if from_date != last.from_date:
            _move_start(last, before, from_date)
        last.unit, last.title, last.post_level, last.rank = unit, title, post_level, rank
        last.save()
        note(
            action="people.posting_corrected", by=by, at=at, obj=person, reason=reason,
            detail={"posting": last.pk, "before": old},
        )  # fmt: skip
        return last


def has_facts(posting: Posting) -> bool:
    """Whether any row of any app happened under the posting."""
    relations = [
        field
        for field in Posting._meta.get_fields(include_hidden=True)
        if field.auto_created and not field.concrete and field.related_model
    ]
    return any(
        relation.related_model._default_manager.filter(**{relation.field.name: posting}).exists()  # type: ignore[union-attr]
        for relation in relations
    )


def _move_start(last: Posting, before: Posting | None, from_date: date) -> None:
    """The first day of the last posting, and with it the last day of the one before."""
    if last.to_date is not None and from_date > last.to_date:
        raise PostingOverlaps
    ends = before is not None and before.to_date == last.from_date - DAY
    if before is not None and from_date <= (
        before.from_date if ends else before.to_date or date.max
    ):
        raise TransferTooEarly
    if before is not None and ends:
        if from_date > last.from_date:  # never two at a time, not even between two statements
            Posting.objects.filter(pk=last.pk).update(from_date=from_date)
        before.to_date = from_date - DAY
        before.save(update_fields=["to_date"])
    last.from_date = from_date


def _locked_postings(person: Person, unit: Unit) -> list[Posting]:
    """Newest first. Holds the unit too: nobody is posted to one that is being closed."""
    account = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    if account.merged_into_id is not None:
        raise AccountMerged
    if not Unit.objects.select_for_update(no_key=True).get(pk=unit.pk).is_open:
        raise UnitClosed
    postings = Posting.objects.filter(person=person).select_related("unit")
    return list(postings.order_by("-from_date").select_for_update(of=("self",)))


def _facts(posting: Posting) -> tuple[int, str, str, str]:
    return posting.unit_id, posting.title, posting.post_level, posting.rank
