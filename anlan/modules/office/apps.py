"""The office module as a Django app."""

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    """Accounts, authorities, regions, local rules, the journal and the outbox, for whoever administers."""

    name = "anlan.modules.office"
    label = "office"
    verbose_name = "Office"
