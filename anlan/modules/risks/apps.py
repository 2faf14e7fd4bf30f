"""The risks module as a Django app."""

from django.apps import AppConfig


class RisksConfig(AppConfig):
    """风险分级管控."""

    name = "anlan.modules.risks"
    label = "risks"
    verbose_name = "Risks"

    def ready(self) -> None:
        """Its numbers are kept: points by colour, sites by whether their register is complete."""
        from anlan.kernel.tallies import keeping

        keeping.register("risks", "tallied_risks")
