import pytest
from django.db import connection

from lms.common.clock import database_now
from media.models import ViewerClock, ViewingSession
from media.viewing import covered_seconds, missing_ranges, open_viewing
from tests.media.beats.conftest import person_in, unit_of, video_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened() -> ViewingSession:
    unit = unit_of()
    person, posting = person_in(unit, "wuxiaoyun")
    return open_viewing(person=person, video=video_of(unit), posting=posting, at=database_now())


def test_opening_makes_the_one_viewing_and_the_one_clock(opened):
    again = open_viewing(
        person=opened.person, video=opened.video, posting=opened.posting, at=database_now()
    )

    assert again.pk == opened.pk
    assert ViewingSession.objects.count() == 1
    assert ViewerClock.objects.get().person == opened.person
    assert (opened.duration_seconds, opened.watched) == (opened.video.duration_seconds, [])


def test_a_viewing_that_came_with_a_merged_account_finds_a_clock(opened):
    """Joining copies the viewing; clocks stay with their account. No beat is judged without one."""
    ViewerClock.objects.all().delete()

    open_viewing(
        person=opened.person, video=opened.video, posting=opened.posting, at=database_now()
    )

    assert ViewerClock.objects.get().person == opened.person


def test_opening_again_keeps_what_was_watched_and_counts_from_now(opened):
    ViewingSession.objects.update(watched=[(0, 12)], position_seconds=12)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE media_viewingsession SET last_beat_at = last_beat_at - interval '1 day'"
        )

    again = open_viewing(
        person=opened.person, video=opened.video, posting=opened.posting, at=database_now()
    )

    assert (again.watched, again.position_seconds) == ([(0, 12)], 12)
    assert again.last_beat_at >= opened.last_beat_at
    assert again.opened_at == opened.opened_at


@pytest.mark.parametrize(
    ("watched", "covered", "missing"),
    [
        ([], 0, [(0, 60)]),
        ([(0, 60)], 60, []),
        ([(0, 14)], 14, [(14, 60)]),
        ([(3, 5), (10, 20)], 12, [(0, 3), (5, 10), (20, 60)]),
        ([(30, 60)], 30, [(0, 30)]),
    ],
)
def test_covered_and_missing_add_up_to_the_video(watched, covered, missing):
    viewing = ViewingSession(duration_seconds=60, watched=watched)

    assert covered_seconds(viewing) == covered
    assert missing_ranges(viewing) == missing
    assert covered + sum(end - start for start, end in missing) == 60
