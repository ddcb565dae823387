from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "lms.portal"
    label = "portal"
    verbose_name = "门户"

    def ready(self) -> None:
        from lms.portal import merging, units

        merging.register()
        units.register()
