"""The warning module as a Django app."""

from django.apps import AppConfig


class WarningConfig(AppConfig):
    """The index, its periods, warnings and their notices."""

    name = "anlan.modules.warning"
    label = "warning"
    verbose_name = "Regional warning"
