"""The installations module as a Django app."""

from django.apps import AppConfig


class InstallationsConfig(AppConfig):
    """Installations, their holdings, gradings, filings and protection targets."""

    name = "anlan.modules.installations"
    label = "installations"
    verbose_name = "Installations"
