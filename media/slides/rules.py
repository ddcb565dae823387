"""When a lecture shows something new, judged by small grey pictures, one a second. Plain Python."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter

# Cells of 20 × 20 pixels of a 720p picture: a line of text is two rows of them.
GRID_WIDTH, GRID_HEIGHT = 64, 36
# Grey levels of 255 by which a cell must differ; noise and compression stay below after averaging.
CELL_STEP = 9
# Less than a line of text is no new slide: a pointer, a page number, a clock.
NEW_SHARE = 0.006
# Cells that change in more than this share of the seconds show a camera, not a slide.
RESTLESS_SHARE = 0.2
# What moves without end (a film in a slide) is shown after so long all the same.
PATIENCE_SECONDS = 20
# Where most of the picture is restless there are no slides: a picture from time to time.
FILMED_SHARE = 0.5
FILMED_SECONDS = 60


@dataclass(frozen=True)
class Slide:
    """Shown from second `start` on; the picture at second `settled` shows it whole."""

    start: int
    settled: int


def slides_of(grids: Sequence[bytes]) -> list[Slide]:
    """The slides of a lecture whose picture at second n, cell by cell, is `grids[n]`."""
    calm = calm_cells(grids)
    if len(calm) < GRID_WIDTH * GRID_HEIGHT * (1 - FILMED_SHARE):
        return at_intervals(len(grids))
    slides = turned(list(map(itemgetter(*calm), grids)))
    return slides if len(slides) <= most_slides(len(grids)) else at_intervals(len(grids))


def most_slides(seconds: int) -> int:
    """More is not somebody turning pages: 270 in the first hour, 240 in each further one."""
    return 30 + seconds // 15


def at_intervals(seconds: int) -> list[Slide]:
    return [Slide(at, at) for at in range(0, seconds, FILMED_SECONDS)]


def calm_cells(grids: Sequence[bytes]) -> list[int]:
    changes = [0] * (GRID_WIDTH * GRID_HEIGHT)
    for before, after in pairwise(grids):
        for cell, (old, new) in enumerate(zip(before, after, strict=True)):
            if abs(old - new) > CELL_STEP // 2:
                changes[cell] += 1
    limit = max(3.0, len(grids) * RESTLESS_SHARE)
    return [cell for cell, times in enumerate(changes) if times <= limit]


def turned(grids: Sequence[Sequence[int]]) -> list[Slide]:
    """A slide begins when the picture first differs from the one taken last, and is taken once it stands still."""
    slides: list[Slide] = []
    taken: Sequence[int] | None = None
    since: int | None = None
    for second, grid in enumerate(grids):
        if taken is not None and not differs(grid, taken):
            since = None
            continue
        since = second if since is None else since
        is_still = second + 1 == len(grids) or not differs(grids[second + 1], grid)
        if is_still or second - since >= PATIENCE_SECONDS:
            slides.append(Slide(since, second))
            taken, since = grid, None
    return slides


def differs(one: Sequence[int], other: Sequence[int]) -> bool:
    changed = sum(abs(a - b) > CELL_STEP for a, b in zip(one, other, strict=True))
    return changed > len(one) * NEW_SHARE
