"""The compliance module as a Django app."""

from django.apps import AppConfig


class ComplianceConfig(AppConfig):
    """Workspaces of units, evidence, self-checks."""

    name = "anlan.modules.compliance"
    label = "compliance"
    verbose_name = "Compliance"

    def ready(self) -> None:
        """Declare the local rule by which saved hours are counted."""
        from anlan.modules.compliance import choices  # noqa: F401
