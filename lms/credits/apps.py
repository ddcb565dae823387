from django.apps import AppConfig


class CreditsConfig(AppConfig):
    name = "lms.credits"
    label = "credits"
    verbose_name = "学时"
