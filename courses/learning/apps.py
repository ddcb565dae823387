from django.apps import AppConfig


class LearningConfig(AppConfig):
    name = "courses.learning"
    label = "learning"
    verbose_name = "学习"

    def ready(self) -> None:
        # Pages can be imported only once every app's models are loaded.
        from courses.catalogue.models import CatalogueIndexPage, CoursePackagePage, LivestreamPage
        from courses.catalogue.serving import serve_with
        from courses.learning import merging, subscribers, units  # noqa: F401
        from courses.learning.views.catalogue import catalogue
        from courses.learning.views.course import course_page
        from courses.learning.views.lectures import lecture_page

        serve_with(CatalogueIndexPage, catalogue)
        serve_with(CoursePackagePage, course_page)
        serve_with(LivestreamPage, lecture_page)
        merging.register()
        units.register()
