from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "lms.common"
    label = "common"
    verbose_name = "公用"

    def ready(self) -> None:
        from lms.common.translations import remember_messages

        remember_messages()
