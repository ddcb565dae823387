from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "lms.people"
    label = "people"
    verbose_name = "人员"

    def ready(self) -> None:
        from django.utils.module_loading import autodiscover_modules

        from lms.people import checks, staying, subscribers  # noqa: F401 - they register themselves

        staying.register()
        autodiscover_modules("holdings")
