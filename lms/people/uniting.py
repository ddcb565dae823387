"""The writers that merge two persons and take it back, and the preview before."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import transaction

from lms.common.acts import note
from lms.common.clock import local_date
from lms.common.errors import Refusal
from lms.people.groups import sync_groups
from lms.people.merging import Act, Count, Sum, joins
from lms.people.models import Person, PersonMerge, RoleGrant, SignIn
from lms.people.refusing import refusals_noted
from lms.people.roles import ADMINISTRATORS
from lms.people.selectors import grants_on, unended_grants
from lms.people.sessions import end_sessions


class SamePerson(Refusal):
    code = "same_person"
    sentence = "两个编号是同一个人。请填另一个人员编号。"


class PersonAlreadyMerged(Refusal):
    code = "person_already_merged"
    sentence = "其中一个账号已经合并过了。请用合并以后保留的那个人员编号。"
    status = 409


class OwnRecord(Refusal):
    code = "own_record"
    sentence = "不能合并自己的档案。请另一位系统管理员来办。"
    status = 403


class HoldsAdministration(Refusal):
    code = "holds_administration"
    sentence = "要并掉的账号还是系统、安全或审计管理员。请先收回它的授权，再来合并。"
    status = 409


class MergeChanged(Refusal):
    code = "merge_changed"
    sentence = "预览以后又有新的记录，数字变了。请再看一次预览，再确认。"
    status = 409


class UndoTooLate(Refusal):
    code = "undo_too_late"
    sentence = "合并已经过了可以撤销的期限，不能再撤销。"
    status = 409


class AlreadyUndone(Refusal):
    code = "already_undone"
    sentence = "这次合并已经撤销过了。"
    status = 409


class LaterMergeFirst(Refusal):
    code = "later_merge_first"
    sentence = "这两个人后来还有别的合并。请从最近的一次开始，一次一次往回撤销。"
    status = 409


@dataclass(frozen=True)
class Preview:
    """Counts and sums before and after. `digest` tells whether they are still the same.

    `grants` are the roles the merged account holds or is to hold: they do not move to the kept one.
    """

    kept: Person
    merged: Person
    counts: Sequence[Count]
    sums: Sequence[Sum]
    grants: Sequence[RoleGrant] = ()

    @property
    def digest(self) -> str:
        facts: list[Any] = [self.kept.pk, self.merged.pk]
        facts += [(c.kept, c.merged, c.after) for c in self.counts]
        facts += [(s.year, s.bucket, str(s.kept), str(s.merged), str(s.doubled)) for s in self.sums]
        return sha256(repr(facts).encode()).hexdigest()[:32]


def merge_preview(*, kept: Person, merged: Person, by: Person, at: datetime) -> Preview:
    """What merging would do; changes nothing. Raises what `merge_persons` would."""
    _must_be_mergeable(kept, merged, by, at)
    grants = RoleGrant.objects.filter(unended_grants(local_date(at)), person=merged)
    return replace(_preview(kept, merged), grants=list(grants.select_related("unit")))


def merge_persons(
    *, kept: Person, merged: Person, reason: str, by: Person, at: datetime, seen: str = ""
) -> PersonMerge:
    """`merged` turned out to be `kept`: their records add up from now on, and one account is left.

    The other is signed out and in no group; its roles pass to nobody, and come back with an undo.
    `seen` is the digest of the preview that was confirmed. Raises SamePerson, PersonAlreadyMerged,
    OwnRecord, HoldsAdministration, MergeChanged.
    """
    with refusals_noted(action="people.persons_merged", by=by, at=at, obj=kept):
        if kept.pk == merged.pk:
            raise SamePerson
        kept, merged = _locked(kept, merged)
        _must_be_mergeable(kept, merged, by, at)
        preview = _preview(kept, merged)
        if seen and seen != preview.digest:
            raise MergeChanged
        act = Act(kept=kept, merged=merged, reason=reason, by=by, at=at)
        followers = list(merged.merged_accounts.order_by("pk").values_list("pk", flat=True))
        was_active = merged.is_active
        snapshot = {
            "account": {"was_active": was_active, "followers": followers},
            **{join.label: join.join(act) for join in joins()},
        }
        Person.objects.filter(pk=merged.pk).update(merged_into=kept, is_active=False)
        Person.objects.filter(pk__in=followers).update(merged_into=kept)
        sync_groups(person=merged, on=local_date(at))
        # Undoing opens the account again; what was signed in before must not come back with it.
        end_sessions(person=merged, why=SignIn.End.MERGED, by=by, at=at)
        merge = PersonMerge.objects.create(
            kept=kept, merged=merged, reason=reason, by=by, at=at, snapshot=snapshot,
            reversible_until=at + timedelta(days=settings.QIANGJI["MERGE_REVERSIBLE_DAYS"]),
        )  # fmt: skip
        note(
            action="people.persons_merged", by=by, at=at, obj=kept, reason=reason,
            detail={"merged": merged.staff_number, "kept": kept.staff_number, "merge": merge.pk},
        )  # fmt: skip
        return merge


def undo_merge(*, merge: PersonMerge, reason: str, by: Person, at: datetime) -> PersonMerge:
    """Two persons again: the kept person keeps what they did since, less what the merge brought.

    Raises AlreadyUndone, UndoTooLate, LaterMergeFirst, OwnRecord.
    """
    with refusals_noted(action="people.merge_undone", by=by, at=at, obj=merge.kept):
        kept, merged = _locked(merge.kept, merge.merged)
        merge = PersonMerge.objects.select_for_update().get(pk=merge.pk)
        _must_be_reversible(merge, kept, merged, by, at)
        act = Act(kept=kept, merged=merged, reason=reason, by=by, at=at)
        account = merge.snapshot["account"]
        Person.objects.filter(pk=merged.pk).update(
            merged_into=None, is_active=account["was_active"]
        )
        Person.objects.filter(pk__in=account["followers"]).update(merged_into=merged)
        sync_groups(person=merged, on=local_date(at))
        for join in joins():
            if join.label in merge.snapshot:
                join.undo(act, merge.snapshot[join.label])
        merge.undone_at, merge.undone_by, merge.undone_reason = at, by, reason
        merge.save(update_fields=["undone_at", "undone_by", "undone_reason"])
        note(
            action="people.merge_undone", by=by, at=at, obj=kept, reason=reason,
            detail={"merged": merged.staff_number, "kept": kept.staff_number, "merge": merge.pk},
        )  # fmt: skip
        return merge


def catch_up(*, merge: PersonMerge, at: datetime) -> None:
    """Join what has come to the merged account's rows since the merge: beats of a player left open."""
    with transaction.atomic():
        kept, merged = _locked(merge.kept, merge.merged)
        merge = PersonMerge.objects.select_for_update().get(pk=merge.pk)
        if merge.undone_at is not None or merged.merged_into_id != kept.pk:
            return
        act = Act(kept=kept, merged=merged, reason=merge.reason, by=None, at=at)
        for join in joins():
            if join.catch_up is not None and join.label in merge.snapshot:
                merge.snapshot[join.label] = join.catch_up(act, merge.snapshot[join.label])
        merge.save(update_fields=["snapshot"])


def _preview(kept: Person, merged: Person) -> Preview:
    counts = [join.count(kept, merged) for join in joins()]
    sums = [line for join in joins() if join.sums for line in join.sums(kept, merged)]
    return Preview(kept, merged, counts, sums)


def _must_be_mergeable(kept: Person, merged: Person, by: Person, at: datetime) -> None:
    if kept.pk == merged.pk:
        raise SamePerson
    if kept.merged_into_id or merged.merged_into_id:
        raise PersonAlreadyMerged
    if by.pk in {kept.pk, merged.pk}:
        raise OwnRecord
    # What such an account may do does not pass on; the last one must not disappear (security 3).
    if grants_on(person=merged, on=local_date(at)).filter(role__in=ADMINISTRATORS).exists():
        raise HoldsAdministration


def _must_be_reversible(
    merge: PersonMerge, kept: Person, merged: Person, by: Person, at: datetime
) -> None:
    if merge.undone_at is not None:
        raise AlreadyUndone
    if at > merge.reversible_until:
        raise UndoTooLate
    if by.pk in {kept.pk, merged.pk}:
        raise OwnRecord
    # Exact only from the top: a later merge into the same person saw what this one had brought.
    later = PersonMerge.objects.filter(undone_at__isnull=True, pk__gt=merge.pk)
    if kept.merged_into_id or later.filter(kept=kept).exists():
        raise LaterMergeFirst


def _locked(kept: Person, merged: Person) -> list[Person]:
    """Both as they are now, locked in order of id; rows that only point to them may still come."""
    rows = Person.objects.filter(pk__in=[kept.pk, merged.pk]).order_by("pk")
    fresh = {person.pk: person for person in rows.select_for_update(no_key=True)}
    return [fresh[kept.pk], fresh[merged.pk]]
