"""Where videos are used. Apps above register readers in their AppConfig.ready(); this one imports none."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Use:
    """One place that shows a video. `edit_url` is for staff of `unit_id`; `url` is "" until it is live."""

    video_id: int
    package: str
    unit: str
    unit_id: int  # the unit that owns the package
    edit_url: str
    url: str

    @property
    def is_live(self) -> bool:
        return bool(self.url)


Reader = Callable[[Collection[int]], Iterable[Use]]
_readers: list[Reader] = []


def register_uses(reader: Reader) -> None:
    """`reader(video_ids)`: every use of these videos, in a number of queries that does not grow."""
    if reader not in _readers:
        _readers.append(reader)


def uses_of(video_ids: Collection[int]) -> dict[int, list[Use]]:
    """Uses by video; videos without any are left out."""
    found: dict[int, list[Use]] = {}
    for reader in _readers:
        for use in reader(video_ids):
            found.setdefault(use.video_id, []).append(use)
    return found
