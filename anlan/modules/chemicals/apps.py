"""The chemicals module as a Django app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ChemicalsConfig(AppConfig):
    """Substances, places of keeping, stocks, movements, consignments, findings, police records."""

    name = "anlan.modules.chemicals"
    label = "chemicals"
    verbose_name = "Chemicals"

    def ready(self) -> None:
        """The catalogue of the tables is put into the database whenever that was brought up to date."""
        from anlan.modules.chemicals.models import fill_catalogue

        post_migrate.connect(fill_catalogue, sender=self, dispatch_uid="chemicals.catalogue")
