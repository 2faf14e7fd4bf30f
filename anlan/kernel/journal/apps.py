from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "anlan.kernel.journal"
    label = "journal"
    verbose_name = "Journal"
