from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "lms.portal"
    label = "portal"
    verbose_name = "门户"

    def ready(self) -> None:
        from lms.people.columns import show_beside_people
        from lms.portal import merging, units
        from lms.portal.people_columns import HOURS

        show_beside_people(HOURS)
        merging.register()
        units.register()
