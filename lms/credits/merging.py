"""The ledger when two accounts turn out to be one person: both chains stay, hours add up once."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from lms.credits.models import LedgerEntry
from lms.credits.selectors import yearly_totals
from lms.credits.services import lock_chains, reverse_entry
from lms.people.merging import Act, Count, Join, Snapshot, Sum, join_with, rows_stay
from lms.people.models import Person
from lms.people.selectors import identity_ids

Source = tuple[str, str]


@dataclass(frozen=True)
class Standing:
    """What a source has come to for one account: the last entry about it, with positive hours."""

    first: LedgerEntry
    last: LedgerEntry

    @property
    def worth(self) -> tuple[Decimal, int, float, int]:
        """More hours first, then the earlier."""
        entry = self.first
        day, moment = entry.happened_on.toordinal(), entry.posted_at.timestamp()
        return -entry.hours, day, moment, entry.pk


def register() -> None:
    join_with(Join(LedgerEntry, turn=0, count=_count, join=_join, undo=_undo, sums=_sums))
    rows_stay("credits.LedgerHead", reason="每个账号的台账自成一条链，链头不动")


def doubles(kept: Person, merged: Person) -> list[tuple[Standing, Standing]]:
    """(what stays, what is taken back) for every source that both have hours of."""
    mine, theirs = _standings(kept), _standings(merged)
    found = []
    for source in sorted(mine.keys() & theirs.keys()):
        best, *rest = sorted([*mine[source], *theirs[source]], key=lambda s: s.worth)
        found += [(best, standing) for standing in rest]
    return found


def _standings(person: Person) -> dict[Source, list[Standing]]:
    """Sources the person has hours of now."""
    entries = LedgerEntry.objects.filter(person__in=identity_ids(person)).order_by("pk")
    reversals = {e.reverses_id: e for e in entries.filter(reverses__isnull=False)}
    found: dict[Source, list[Standing]] = defaultdict(list)
    for first in entries.filter(reverses=None, hours__gt=0):
        last, times = first, 0
        while last.pk in reversals:
            last, times = reversals[last.pk], times + 1
        if times % 2 == 0:
            found[first.source_kind, first.source_key].append(Standing(first, last))
    return found


def _count(kept: Person, merged: Person) -> Count:
    twice = len(doubles(kept, merged))
    note = _("一笔不动，合计时加在一起")
    if twice:
        note = _("一笔不动；同一来源记了两次的 %(count)s 笔，冲销其中一次") % {"count": twice}
    mine, theirs = (
        LedgerEntry.objects.filter(person__in=identity_ids(p)).count() for p in (kept, merged)
    )
    return Count(_("学时台账"), mine, theirs, mine + theirs + twice, note)


def _sums(kept: Person, merged: Person) -> Sequence[Sum]:
    mine, theirs = yearly_totals(person=kept), yearly_totals(person=merged)
    doubled: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
    for _best, again in doubles(kept, merged):
        doubled[again.first.happened_on.year, again.first.bucket] += again.first.hours
    return [
        Sum(
            year, bucket, mine.get((year, bucket), Decimal(0)),
            theirs.get((year, bucket), Decimal(0)), doubled[year, bucket],
        )
        for year, bucket in sorted(mine.keys() | theirs.keys(), reverse=True)
    ]  # fmt: skip


def _join(act: Act) -> Snapshot:
    """Takes back by reversal what the two earned twice from one source; nothing else is posted."""
    lock_chains([*identity_ids(act.kept), *identity_ids(act.merged)])
    reversals = []
    for best, again in doubles(act.kept, act.merged):
        owner = best.first.person
        reason = (
            f"合并人员：与人员编号 {owner.staff_number} 的第 {best.first.sequence} 笔是同一来源，"
            f"只记一次。{act.reason}"
        )
        reversal = reverse_entry(entry=again.last, reason=reason, by=act.by, at=act.at)
        reversals.append(reversal.pk)
    return {"reversals": reversals}


def _undo(act: Act, snapshot: Snapshot) -> None:
    """Restores what the merge took back, unless somebody has dealt with it since."""
    lock_chains([*identity_ids(act.kept), *identity_ids(act.merged)])
    found = LedgerEntry.objects.filter(pk__in=snapshot["reversals"], reversed_by=None)
    for reversal in found.order_by("pk"):
        reason = f"撤销合并人员。{act.reason}"
        reverse_entry(entry=reversal, reason=reason, by=act.by, at=act.at)
