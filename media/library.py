"""Readers of the library: finding videos, where they are used, what they take up by unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from media import usage
from media.models import Rendition, Video

# Name in an address → (least, most) seconds; None is open.
LENGTHS: dict[str, tuple[int | None, int | None]] = {
    "short": (None, 15 * 60),
    "middle": (15 * 60, 45 * 60),
    "long": (45 * 60, None),
}


def videos_found(videos: QuerySet[Video], wanted: dict[str, Any]) -> QuerySet[Video]:
    """`videos` narrowed by a cleaned `forms.LibraryForm`; without one of its fields that one is open."""
    words = wanted.get("q") or ""
    if words:
        videos = videos.filter(Q(title__icontains=words) | Q(source_name__icontains=words))
    if unit := wanted.get("unit"):
        videos = videos.filter(owner_unit__path__startswith=unit.path)
    if state := wanted.get("state"):
        videos = videos.filter(**STATES.get(state, {"state": state}))
    least, most = LENGTHS.get(wanted.get("length") or "", (None, None))
    if least is not None:
        videos = videos.filter(duration_seconds__gte=least)
    if most is not None:
        videos = videos.filter(duration_seconds__lt=most)
    if from_date := wanted.get("from_date"):
        videos = videos.filter(created_at__gte=start_of(from_date))
    if to_date := wanted.get("to_date"):
        videos = videos.filter(created_at__lt=start_of(to_date + timedelta(days=1)))
    return videos


# States of the library besides those of the transcode.
STATES: dict[str, dict[str, Any]] = {
    "hidden": {"is_hidden": True},
    "cold": {"cold_since__isnull": False},
}


def start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


@dataclass(frozen=True)
class Uses:
    """Where a video is used, as one person may know it: drafts of other units are only counted."""

    shown: Sequence[usage.Use]
    untold: int

    @property
    def count(self) -> int:
        return len(self.shown) + self.untold


def uses_shown(video_ids: Sequence[int], *, unit_ids: frozenset[int]) -> dict[int, Uses]:
    """By video, every one of `video_ids`."""
    found = usage.uses_of(video_ids)
    told = {}
    for video_id in video_ids:
        uses = found.get(video_id, [])
        shown = [use for use in uses if use.is_live or use.unit_id in unit_ids]
        told[video_id] = Uses(shown, len(uses) - len(shown))
    return told


@dataclass(frozen=True)
class Storage:
    """Bytes of one unit's videos. `source` lies in the usual storage, `cold` in the cheaper one."""

    unit_id: int
    unit: str
    videos: int
    source: int
    cold: int
    renditions: int

    @property
    def total(self) -> int:
        return self.source + self.cold + self.renditions


SORTS = ("unit", "videos", "source", "cold", "renditions", "total")


def storage_by_unit(videos: QuerySet[Video], *, sort: str) -> list[Storage]:
    """Two grouped queries, however many videos. `sort` is one of SORTS, with `-` for largest first."""
    sources = (
        videos.order_by()
        .values("owner_unit", "owner_unit__name")
        .annotate(
            number=Count("pk"),
            warm=Sum("source_bytes", filter=Q(cold_since__isnull=True), default=0),
            cold=Sum("source_bytes", filter=Q(cold_since__isnull=False), default=0),
        )
    )
    rendered = dict(
        Rendition.objects.filter(video__in=videos.order_by())
        .values_list("video__owner_unit")
        .annotate(Sum("bytes"))
    )
    rows = [
        Storage(
            unit_id=row["owner_unit"], unit=row["owner_unit__name"], videos=row["number"],
            source=row["warm"], cold=row["cold"], renditions=rendered.get(row["owner_unit"], 0),
        )
        for row in sources
    ]  # fmt: skip
    name = sort.lstrip("-")
    key = name if name in SORTS else "total"
    rows.sort(key=lambda row: row.unit)
    return sorted(rows, key=lambda row: getattr(row, key), reverse=sort.startswith("-"))
