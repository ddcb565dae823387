from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "courses.catalogue"
    label = "catalogue"
    verbose_name = "课程"

    def ready(self) -> None:
        from courses.catalogue import merging, subscribers, units, usage  # noqa: F401

        merging.register()
        units.register()
        usage.register()
