from django.apps import AppConfig


class AttendanceConfig(AppConfig):
    name = "lms.attendance"
    label = "attendance"
    verbose_name = "考勤"

    def ready(self) -> None:
        from lms.attendance import merging, units

        merging.register()
        units.register()
