"""The statutes module as a Django app."""

from django.apps import AppConfig


class StatutesConfig(AppConfig):
    """Laws, standards, local documents, check lists, and the pages of the rules."""

    name = "anlan.modules.statutes"
    label = "statutes"
    verbose_name = "Statutes"
