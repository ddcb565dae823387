"""When a lecture shows something new, on grids drawn by hand."""

import random

from hypothesis import given
from hypothesis import strategies as st

from media.slides import rules
from media.slides.rules import Slide, slides_of

CELLS = rules.GRID_WIDTH * rules.GRID_HEIGHT
LINE = rules.GRID_WIDTH  # a line of text is about one row of cells


def page(number: int) -> bytes:
    """A slide of its own."""
    return bytes(random.Random(number).choices(range(0, 250, 30), k=CELLS))


def with_camera(grid: bytes, second: int, share: float = 0.1) -> bytes:
    """The last cells show somebody moving."""
    moving = int(CELLS * share)
    return grid[:-moving] + bytes(random.Random(second).choices(range(256), k=moving))


def test_a_slide_begins_when_it_is_first_seen():
    grids = [page(1)] * 20 + [page(2)] * 15 + [page(3)] * 5

    assert slides_of(grids) == [Slide(0, 0), Slide(20, 20), Slide(35, 35)]


def test_a_speaker_in_a_corner_is_no_new_slide():
    grids = [with_camera(page(second // 20), second) for second in range(60)]

    assert [slide.start for slide in slides_of(grids)] == [0, 20, 40]


def test_a_line_added_to_a_slide_is_a_new_picture_but_a_pointer_is_not():
    blank = bytes([240]) * CELLS
    line = bytes([150]) * LINE + blank[LINE:]
    pointer = line[: 9 * LINE] + bytes([20]) * 4 + line[9 * LINE + 4 :]
    grids = [blank] * 10 + [line] * 10 + [pointer] * 10

    assert [slide.start for slide in slides_of(grids)] == [0, 10]


def test_a_slide_that_fades_in_begins_with_the_fade_and_is_taken_whole():
    fade = [bytes(a + (b - a) * step // 4 for a, b in zip(page(1), page(2), strict=True))
            for step in (1, 2, 3)]  # fmt: skip
    grids = [page(1)] * 30 + fade + [page(2)] * 30

    assert slides_of(grids) == [Slide(0, 0), Slide(30, 33)]


def test_back_to_an_earlier_slide_shows_it_again():
    grids = [page(1)] * 10 + [page(2)] * 10 + [page(1)] * 10

    assert [slide.start for slide in slides_of(grids)] == [0, 10, 20]


def test_a_filmed_lecture_gets_a_picture_a_minute():
    grids = [page(second) for second in range(150)]

    assert [slide.start for slide in slides_of(grids)] == [0, 60, 120]


def test_a_film_inside_a_lecture_is_shown_from_time_to_time():
    film = [page(1000 + second) for second in range(45)]
    grids = [page(1)] * 200 + film + [page(2)] * 200

    starts = [slide.start for slide in slides_of(grids)]

    assert starts[:2] == [0, 200]
    assert starts[-1] in range(240, 248)
    assert len(starts) <= 5


@given(st.lists(st.integers(0, 3), min_size=1, max_size=60))
def test_whatever_is_shown_begins_at_zero_in_order_and_within_its_number(numbers):
    slides = slides_of([page(number) for number in numbers])

    starts = [slide.start for slide in slides]
    assert starts[0] == 0
    assert starts == sorted(set(starts))
    assert all(slide.start <= slide.settled < len(numbers) for slide in slides)
    assert len(slides) <= rules.most_slides(len(numbers))
