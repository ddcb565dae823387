"""Course packages and livestreams as Wagtail pages."""

from courses.catalogue.models.livestream import LivestreamPage
from courses.catalogue.models.package import (
    READING_FEATURES,
    CatalogueIndexPage,
    CoursePackagePage,
    CourseUnit,
    Topic,
)

__all__ = [
    "READING_FEATURES",
    "CatalogueIndexPage",
    "CoursePackagePage",
    "CourseUnit",
    "LivestreamPage",
    "Topic",
]
