from django.apps import AppConfig


class ClassroomConfig(AppConfig):
    name = "courses.classroom"
    label = "classroom"
    verbose_name = "流动课堂"

    def ready(self) -> None:
        from courses.classroom import merging, units

        merging.register()
        units.register()
