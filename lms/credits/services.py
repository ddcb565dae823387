"""The ledger's writers. Nothing else inserts an entry."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from lms.common.errors import Refusal
from lms.credits.models import Bucket, CreditPolicy, LedgerEntry, LedgerHead, PolicyVersion
from lms.credits.rules import ZERO_HASH, Award, award_under_cap, entry_digest, rules_from
from lms.credits.selectors import hours_on, known_entry, policies_kept
from lms.journal.services import record
from lms.people.models import Person, Posting, Unit


class PolicyUnreadable(Refusal):
    code = "policy_unreadable"
    sentence = "规则数据不完整，这一版没有存下。"


class HoursInexact(Refusal):
    """The digest and the column would round differently, and the chain would not verify."""

    code = "hours_inexact"
    sentence = "学时须是不小于零、最多两位小数的数，这一笔没有入账。"


class EntryAlreadyReversed(Refusal):
    code = "entry_already_reversed"
    sentence = "这一笔已经冲销过了，不能再冲销一次。"
    status = 409


def add_policy_version(
    *,
    unit: Unit,
    name: str,
    label: str,
    title: str,
    document_number: str,
    effective_from: date,
    rules: Mapping[str, Any],
    by: Person | None,
    at: datetime,
) -> PolicyVersion:
    """Put a dated version of a jurisdiction's rules into force; later facts follow it."""
    try:
        rules_from(rules)
    except (KeyError, ValueError, ArithmeticError, TypeError) as error:
        raise PolicyUnreadable from error
    with transaction.atomic():
        policy, _created = CreditPolicy.objects.get_or_create(unit=unit, defaults={"name": name})
        version, created = PolicyVersion.objects.get_or_create(
            policy=policy,
            label=label,
            defaults={
                "title": title,
                "document_number": document_number,
                "effective_from": effective_from,
                "rules": dict(rules),
            },
        )
        if created:
            record(action="credits.policy_added", by=by, at=at, obj=version)
            policies_kept.forget()
            # Once more when others can see it: one of them may have read the old rows in between.
            transaction.on_commit(policies_kept.forget)
    return version


def post_entry(
    *,
    person: Person,
    posting: Posting,
    bucket: str,
    hours: Decimal,
    title: str,
    happened_on: date,
    policy_version: PolicyVersion,
    grade: str,
    outcome: str = LedgerEntry.Outcome.EARNED,
    source_kind: str,
    source_key: str,
    evidence: Mapping[str, Any],
    arithmetic: Sequence[Any],
    by: Person | None,
    at: datetime,
) -> LedgerEntry:
    """Post one fact, chained to the person's previous entry.

    The same source posted again returns the entry already there, whichever merged account earned
    it. `arithmetic` is a list of [label, value] lines shown to the learner; `by=None` means settled
    by the system. Raises HoursInexact.
    """
    if not (hours.is_finite() and hours >= 0 and hours == round(hours, 2)):
        raise HoursInexact
    hours = abs(round(hours, 2))  # minus zero is zero
    with transaction.atomic():
        person, head = _lock_chain(person)
        known = known_entry(person=person, source_kind=source_kind, source_key=source_key)
        if known is not None:
            return known
        entry = _append(
            head,
            person=person,
            posting=posting,
            bucket=bucket,
            hours=hours,
            title=title,
            happened_on=happened_on,
            policy_version=policy_version,
            grade=grade,
            outcome=outcome,
            source_kind=source_kind,
            source_key=source_key,
            evidence=dict(evidence),
            arithmetic=list(arithmetic),
            actor=by,
            posted_at=at,
            reverses=None,
        )
        detail = {"bucket": bucket, "hours": hours, "sequence": entry.sequence}
        record(action="credits.entry_posted", by=by, at=at, obj=entry, detail=detail)
    return entry


def post_online_entry(
    *,
    person: Person,
    posting: Posting,
    band_hours: Decimal,
    title: str,
    happened_on: date,
    policy_version: PolicyVersion,
    source_kind: str,
    source_key: str,
    evidence: Mapping[str, Any],
    arithmetic: Sequence[Any],
    by: Person | None,
    at: datetime,
) -> LedgerEntry:
    """Post server-timed online hours under the day's cap, decided while the chain is locked."""
    with transaction.atomic():
        person, _head = _lock_chain(person)
        earned = hours_on(person=person, bucket=Bucket.ONLINE, on=happened_on)
        cap = policy_version.figures().daily_cap
        award = award_under_cap(band_hours, earned, cap)
        return post_entry(
            person=person,
            posting=posting,
            bucket=Bucket.ONLINE,
            hours=award.hours,
            title=title,
            happened_on=happened_on,
            policy_version=policy_version,
            grade="timed",
            outcome=award.outcome,
            source_kind=source_kind,
            source_key=source_key,
            evidence=evidence,
            arithmetic=[*arithmetic, _cap_line(award, earned, cap)],
            by=by,
            at=at,
        )


def reverse_entry(
    *, entry: LedgerEntry, reason: str, by: Person | None, at: datetime
) -> LedgerEntry:
    """Take an entry back by its opposite; both stay in the ledger. Raises EntryAlreadyReversed."""
    with transaction.atomic():
        head = _lock_head(entry.person)
        if LedgerEntry.objects.filter(reverses=entry).exists():
            raise EntryAlreadyReversed
        reversal = _append(
            head,
            person=entry.person,
            posting=entry.posting,
            bucket=entry.bucket,
            hours=-entry.hours,
            title=_reversed_title(entry),
            happened_on=entry.happened_on,
            policy_version=entry.policy_version,
            grade=entry.grade,
            outcome=LedgerEntry.Outcome.REVERSAL,
            source_kind=entry.source_kind,
            source_key=entry.source_key,
            evidence={"reason": reason},
            arithmetic=[["冲销原记录", f"第 {entry.sequence} 笔"], ["学时", f"{-entry.hours:.2f}"]],
            actor=by,
            posted_at=at,
            reverses=entry,
        )
        record(action="credits.entry_reversed", by=by, at=at, obj=entry, reason=reason)
    return reversal


def lock_chains(person_ids: Sequence[int]) -> None:
    """Hold several persons' chains until the transaction ends, in an order all writers share."""
    LedgerHead.objects.bulk_create(
        [LedgerHead(person_id=pk, hash=ZERO_HASH) for pk in sorted(person_ids)],
        ignore_conflicts=True,
    )
    list(LedgerHead.objects.filter(pk__in=person_ids).order_by("pk").select_for_update())


def _lock_chain(person: Person) -> tuple[Person, LedgerHead]:
    """The chain new entries of the person belong to: the kept person's where accounts were merged."""
    head = _lock_head(person)
    # Asked while the chain is held: a merge holds it too, until the account points to the kept one.
    kept = Person.objects.filter(merged_accounts=person.pk).first()
    return (person, head) if kept is None else (kept, _lock_head(kept))


def _lock_head(person: Person) -> LedgerHead:
    LedgerHead.objects.bulk_create(
        [LedgerHead(person=person, hash=ZERO_HASH)], ignore_conflicts=True
    )
    return LedgerHead.objects.select_for_update().get(person=person)


def _reversed_title(entry: LedgerEntry) -> str:
    """A reversal taken back restores what it had taken."""
    if entry.outcome == LedgerEntry.Outcome.REVERSAL and entry.hours < 0:
        return f"恢复：{entry.title.removeprefix('冲销：')}"[:300]
    return f"冲销：{entry.title.removeprefix('恢复：')}"[:300]


def _append(head: LedgerHead, **fields: Any) -> LedgerEntry:
    entry = LedgerEntry(sequence=head.sequence + 1, previous_hash=bytes(head.hash), **fields)
    entry.hash = digest_of(entry)
    entry.save(force_insert=True)
    head.sequence, head.hash = entry.sequence, entry.hash
    head.save(update_fields=["sequence", "hash"])
    return entry


def digest_of(entry: LedgerEntry) -> bytes:
    """The digest an entry must carry, from its own fields and its previous hash."""
    return entry_digest(
        previous=bytes(entry.previous_hash),
        person_id=entry.person_id,
        sequence=entry.sequence,
        bucket=entry.bucket,
        hours=entry.hours,
        title=entry.title,
        happened_on=entry.happened_on,
        posted_at=entry.posted_at,
        posting_id=entry.posting_id,
        policy=entry.policy_version.label,
        grade=entry.grade,
        outcome=entry.outcome,
        source_kind=entry.source_kind,
        source_key=entry.source_key,
        evidence=entry.evidence,
        arithmetic=entry.arithmetic,
        actor_id=entry.actor_id,
        reverses=entry.reverses.sequence if entry.reverses else None,
    )


def _cap_line(award: Award, earned: Decimal, cap: Decimal) -> list[str]:
    facts = f"当日已记 {earned.normalize():f}，每日上限 {cap.normalize():f}"
    said = {
        "earned": "不受限",
        "capped": f"只记余下的 {award.hours.normalize():f}",
        "cap_reached": "当日已满，记 0",
    }
    return [facts, said[award.outcome]]
