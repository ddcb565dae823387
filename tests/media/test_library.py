"""Videos are found by what staff know of them, and counted by unit."""

from datetime import date

import pytest

from lms.people.services import add_unit
from media.library import storage_by_unit, uses_shown, videos_found
from media.models import Rendition, Video
from tests import world

pytestmark = pytest.mark.django_db


def found(**wanted) -> list[str]:
    return sorted(video.title for video in videos_found(Video.objects.all(), wanted))


@pytest.fixture
def three():
    world.video(10, title="甲", source_name="走访.mp4", owner_unit=world.town())
    world.video(20, title="乙 走访", is_hidden=True)
    world.video(60, title="丙", state="failed", cold_since=world.NOON)


def test_words_are_looked_for_in_title_and_file_name(three):
    assert found(q="走访") == ["乙 走访", "甲"]


def test_a_unit_includes_what_lies_below_it(three):
    assert found(unit=world.town()) == ["甲"]
    assert len(found(unit=world.county())) == 3


@pytest.mark.parametrize(
    ("wanted", "titles"),
    [
        ({"state": "failed"}, ["丙"]),
        ({"state": "hidden"}, ["乙 走访"]),
        ({"state": "cold"}, ["丙"]),
        ({"length": "short"}, ["甲"]),
        ({"length": "middle"}, ["乙 走访"]),
        ({"length": "long"}, ["丙"]),
        ({}, ["丙", "乙 走访", "甲"]),
    ],
)
def test_states_and_lengths_narrow(three, wanted, titles):
    assert found(**wanted) == sorted(titles)


def test_days_are_those_of_the_place_and_both_count(three):
    day = world.NOON.date()

    assert len(found(from_date=day, to_date=day)) == 3
    assert found(from_date=date(2099, 1, 1)) == found(to_date=date(2000, 1, 1)) == []


def test_drafts_of_other_units_are_only_counted():
    package = world.package()
    video_id = package.units.get(kind="video").video_id
    package.unpublish()

    own = uses_shown([video_id], unit_ids=frozenset([package.owner_unit_id]))[video_id]
    foreign = uses_shown([video_id], unit_ids=frozenset())[video_id]

    assert (len(own.shown), own.untold) == (1, 0)
    assert (len(foreign.shown), foreign.untold, foreign.count) == (0, 1, 1)


@pytest.fixture
def stored():
    other = add_unit(code="331125", name="云和县", level="county", parent=world.county().parent)
    world.video(owner_unit=other, source_bytes=500)
    cold = world.video(source_bytes=1000, cold_since=world.NOON)
    for video in (world.video(source_bytes=20), cold):
        for name in ("360p", "audio"):
            Rendition.objects.create(
                video=video, build=video.build, name=name, bandwidth=1, average_bandwidth=1,
                codecs="", bytes=7,
            )  # fmt: skip


def test_storage_is_added_up_by_unit(stored):
    rows = storage_by_unit(Video.objects.all(), sort="-total")

    assert [(r.unit, r.videos, r.source, r.cold, r.renditions, r.total) for r in rows] == [
        ("松阳县", 2, 20, 1000, 28, 1048),
        ("云和县", 1, 500, 0, 0, 500),
    ]


def test_storage_is_sorted_by_any_column_in_two_queries(stored, django_assert_num_queries):
    with django_assert_num_queries(2):
        by_source = storage_by_unit(Video.objects.all(), sort="-source")

    assert [row.unit for row in by_source] == ["云和县", "松阳县"]
    assert next(r.unit for r in storage_by_unit(Video.objects.all(), sort="cold")) == "云和县"
