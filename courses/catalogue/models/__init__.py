"""Course packages and livestreams as Wagtail pages."""

from courses.catalogue.models.livestream import LivestreamPage
from courses.catalogue.models.package import (
    CatalogueIndexPage,
    CoursePackagePage,
    CourseUnit,
    Topic,
)

__all__ = ["CatalogueIndexPage", "CoursePackagePage", "CourseUnit", "LivestreamPage", "Topic"]
