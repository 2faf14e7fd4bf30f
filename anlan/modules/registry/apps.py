"""The registry as a Django app."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """Units, sites and people."""

    name = "anlan.modules.registry"
    label = "registry"
    verbose_name = "Registry"
