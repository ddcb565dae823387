from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "lms.journal"
    label = "journal"
    verbose_name = "日志"

    def ready(self) -> None:
        from lms.common.acts import write_acts_with
        from lms.journal import checks, merging  # noqa: F401 - checks register themselves
        from lms.journal.services import record

        write_acts_with(record)
        merging.register()
