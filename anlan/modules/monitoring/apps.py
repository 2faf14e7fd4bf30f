"""The monitoring module as a Django app."""

from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    """Gateways, tags, what was refused, coverage."""

    name = "anlan.modules.monitoring"
    label = "monitoring"
    verbose_name = "Monitoring"
