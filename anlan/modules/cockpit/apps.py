"""The cockpit as a Django app."""

from django.apps import AppConfig


class CockpitConfig(AppConfig):
    """Numbers by region, and the leader's page."""

    name = "anlan.modules.cockpit"
    label = "cockpit"
    verbose_name = "Cockpit"
