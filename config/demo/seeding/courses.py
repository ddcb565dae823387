"""The demo's course packages as published pages, their units showing the lectures' videos."""

from collections.abc import Mapping, Sequence

from wagtail.models import ReferenceIndex
from wagtail.signal_handlers import disable_reference_index_auto_update

from config.demo.syllabus import Package
from courses.catalogue.models import CatalogueIndexPage, CoursePackagePage, CourseUnit
from lms.people.models import Person, Unit
from media.models import Video


def publish_package(
    *,
    package: Package,
    videos: Mapping[str, Video],
    units: Mapping[str, Unit],
    by: Person,
) -> CoursePackagePage:
    """The page with that key; made and published when new, left alone when there."""
    known = CoursePackagePage.objects.filter(key=package.key).first()
    if known is not None:
        return known
    page = _page_of(package, videos=videos, units=units, by=by)
    page.live, page.has_unpublished_changes = False, True
    CatalogueIndexPage.objects.get().add_child(instance=page)
    # The city's package is published by the city; the county's staff may not.
    page.save_revision().publish()
    return page


def shelve_packages(
    *,
    packages: Sequence[Package],
    videos: Mapping[str, Video],
    units: Mapping[str, Unit],
    by: Person,
) -> int:
    """Many pages at once, live without a revision of their own. Returns how many were new."""
    known = set(CoursePackagePage.objects.values_list("key", flat=True))
    catalogue, new = CatalogueIndexPage.objects.get(), 0
    # Each row of a page would be indexed on its own, several times; once a page is enough.
    with disable_reference_index_auto_update():
        for package in packages:
            if package.key not in known:
                page = _page_of(package, videos=videos, units=units, by=by)
                catalogue.add_child(instance=page)
                ReferenceIndex.create_or_update_for_object(page)
                new += 1
    return new


def _page_of(
    package: Package, *, videos: Mapping[str, Video], units: Mapping[str, Unit], by: Person
) -> CoursePackagePage:
    facts = {**package.facts, "owner_unit": units[package.facts["owner_unit"]]}
    page = CoursePackagePage(
        key=package.key, slug=package.slug, objectives=package.objectives, owner=by,
        **facts,
    )  # fmt: skip
    for order, unit in enumerate(package.units):
        video = videos[unit.lecture.key] if unit.lecture else None
        page.units.add(
            CourseUnit(
                key=unit.key,
                kind=unit.kind,
                title=unit.title,
                body=unit.body,
                video=video,
                sort_order=order,
            )
        )
    return page
