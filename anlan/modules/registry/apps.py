"""The registry as a Django app."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """Units, sites and people."""

    name = "anlan.modules.registry"
    label = "registry"
    verbose_name = "Registry"

    def ready(self) -> None:
        """Make the ledger of enterprises known."""
        from anlan.kernel.errors import gettext_noop
        from anlan.kernel.intake.duplicates import Duplicates
        from anlan.kernel.intake.services import Noun, register
        from anlan.kernel.tallies import keeping
        from anlan.modules.registry.rows import ENTERPRISE
        from anlan.modules.registry.services.intake import admission, describe, intake_units

        register(
            Noun(
                schema=ENTERPRISE,
                permission="registry.intake",
                admission=admission,
                take_in=intake_units,
                describe=describe,
                duplicates=Duplicates(same_code="off"),  # one code may stand for sites in several towns
                modes=(
                    ("add", gettext_noop("New units and sites only; what is on file is refused")),
                    ("update", gettext_noop("Also update what is on file, field by field")),
                ),
                icon="building-factory-2",
            )
        )
        keeping.register("registry", "tallied_registry")
