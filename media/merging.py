"""What two accounts of one person have watched: seconds seen by either are seen."""

from django.utils.translation import gettext_lazy as _

from lms.common.spans import Spans, union, without
from lms.people.merging import join_with, rows_stay
from lms.people.row_joins import RowJoin, Values, earliest
from media.models import ViewingSession


def register() -> None:
    join_with(
        RowJoin(
            ViewingSession,
            turn=3,
            name=_("观看记录"),
            key="video_id",
            columns=(
                "watched", "position_seconds", "opened_at", "last_beat_at", "settled_at",
                "assessed_at", "watched_live", "unattended",
            ),
            combine=_combined,
            blank={"watched": [], "watched_live": [], "unattended": [], "position_seconds": 0, "settled_at": None},
            sets=frozenset({"watched", "watched_live"}),
            reset={"assessed_at": None},  # the sweep decides anew whether it is enough
        ).as_join()
    )  # fmt: skip
    rows_stay("media.ViewerClock", reason="钟按账号走，停用的账号不再观看")
    rows_stay("media.OfflinePack", reason="下载时的账号补记，停用的账号不再补记")
    rows_stay("media.LiveQuestion", reason="谁提的、谁答的，就是谁的")
    rows_stay("media.Video", reason="谁上传的就是谁上传的")
    rows_stay("media.Upload", reason="传到一半的几天就清，停用的账号不再接着传")


def _counted(values: Values) -> Spans:
    return without(values["watched"], values["unattended"])


def _combined(own: Values, theirs: Values) -> Values:
    last = max(own, theirs, key=lambda values: values["last_beat_at"])
    return {
        "watched": union(own["watched"], theirs["watched"]),
        "watched_live": union(own["watched_live"], theirs["watched_live"]),
        # Vouched for on either account is vouched for.
        "unattended": without(
            union(own["unattended"], theirs["unattended"]),
            union(_counted(own), _counted(theirs)),
        ),
        "position_seconds": last["position_seconds"],
        "opened_at": earliest(own["opened_at"], theirs["opened_at"]),
        "last_beat_at": last["last_beat_at"],
        "settled_at": earliest(own["settled_at"], theirs["settled_at"]),
    }
