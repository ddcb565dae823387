from django.apps import AppConfig


class MediaConfig(AppConfig):
    name = "media"
    label = "media"
    verbose_name = "视频"

    def ready(self) -> None:
        from media import merging, units

        merging.register()
        units.register()
