"""The planning module as a Django app."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PlanningConfig(AppConfig):
    """What the plans ask of a region and of a unit."""

    name = "anlan.modules.planning"
    label = "planning"
    verbose_name = "Planning"

    def ready(self) -> None:
        """Have every module declare what it answers, and the local rules by which a document is adopted."""
        import_module("anlan.kernel.obligations.adoption")
        autodiscover_modules("answers")
