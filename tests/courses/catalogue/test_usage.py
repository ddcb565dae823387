"""Packages tell which videos they show, drafts included."""

import pytest

from courses.catalogue import usage
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def package():
    return world.package()


def test_a_published_unit_is_a_use_with_both_its_pages(package):
    unit = package.units.get(kind="video")

    (use,) = usage.uses([unit.video_id])

    assert (use.package, use.unit, use.unit_id) == (
        package.title,
        unit.title,
        package.owner_unit_id,
    )
    assert use.url == package.get_url()
    assert f"/pages/{package.pk}/edit/" in use.edit_url


def test_a_video_that_only_a_draft_shows_is_used(package):
    unit = package.units.get(kind="video")
    other = world.video()
    package.units.remove(unit)
    unit.pk, unit.video, unit.title = None, other, "草稿里的单元"
    package.units.add(unit)
    package.save_revision()

    (use,) = usage.uses([other.pk])

    assert (use.unit, use.is_live) == ("草稿里的单元", False)


def test_a_package_taken_down_still_uses_its_video(package):
    package.unpublish()

    (use,) = usage.uses([package.units.get(kind="video").video_id])

    assert not use.is_live


def test_the_number_of_queries_does_not_grow(package, django_assert_num_queries):
    video = package.units.get(kind="video").video
    for number in range(3):
        further = world.package(f"又一门课{number}")
        further.units.filter(kind="video").update(video=video)

    list(usage.uses([video.pk]))  # Wagtail keeps the root paths of its sites
    with django_assert_num_queries(3):
        assert len(list(usage.uses([video.pk]))) == 4
