"""The compliance module as a Django app."""

from django.apps import AppConfig


class ComplianceConfig(AppConfig):
    """Workspaces of units, evidence, self-checks."""

    name = "anlan.modules.compliance"
    label = "compliance"
    verbose_name = "Compliance"
