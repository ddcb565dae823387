from django.apps import AppConfig


class CreditsConfig(AppConfig):
    name = "lms.credits"
    label = "credits"
    verbose_name = "学时"

    def ready(self) -> None:
        from lms.credits import merging, units

        merging.register()
        units.register()
