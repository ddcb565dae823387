"""How far two accounts of one person are: the better of the two, the earlier begun."""

from django.utils.translation import gettext_lazy as _

from courses.learning.models import Enrolment, LectureNote, UnitProgress
from lms.people.merging import join_with
from lms.people.row_joins import RowJoin, Values, earliest

Status = UnitProgress.Status
ORDER = {Status.STARTED: 0, Status.SHORT: 1, Status.DONE: 2}


def register() -> None:
    join_with(
        RowJoin(
            Enrolment,
            turn=1,
            name=_("学习登记"),
            key="package_key",
            columns=("started_at", "last_seen_at"),
            combine=_seen,
        ).as_join()
    )
    join_with(
        RowJoin(
            UnitProgress,
            turn=2,
            name=_("单元进度"),
            key="unit_key",
            columns=(
                "status", "covered_seconds", "needed_seconds", "completed_at", "updated_at", "hours",
                "entry_sequence",
            ),
            combine=_better,
            blank={
                "status": Status.STARTED, "covered_seconds": 0, "completed_at": None, "hours": 0,
                "entry_sequence": None,
            },
        ).as_join()
    )  # fmt: skip
    join_with(
        RowJoin(
            LectureNote,
            turn=4,
            name=_("笔记"),
            key="key",
            columns=("text", "changed_at"),
            combine=_later,
        ).as_join()
    )


def _later(own: Values, theirs: Values) -> Values:
    return max(own, theirs, key=lambda values: values["changed_at"])


def _seen(own: Values, theirs: Values) -> Values:
    return {
        "started_at": min(own["started_at"], theirs["started_at"]),
        "last_seen_at": max(own["last_seen_at"], theirs["last_seen_at"]),
    }


def _better(own: Values, theirs: Values) -> Values:
    """Theirs where they are further. The entry's number is one of their chain, so it stays behind."""
    best = theirs | {"entry_sequence": own["entry_sequence"]}
    if ORDER[Status(own["status"])] >= ORDER[Status(theirs["status"])]:
        best = own
    return best | {
        "covered_seconds": max(own["covered_seconds"], theirs["covered_seconds"]),
        "completed_at": earliest(own["completed_at"], theirs["completed_at"]),
        "updated_at": max(own["updated_at"], theirs["updated_at"]),
    }
