from django.apps import AppConfig


class ArchiveConfig(AppConfig):
    name = "lms.archive"
    label = "archive"
    verbose_name = "归档"

    def ready(self) -> None:
        from lms.archive import merging

        merging.register()
