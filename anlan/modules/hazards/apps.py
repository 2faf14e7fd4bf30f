"""The hazards module as a Django app."""

from django.apps import AppConfig


class HazardsConfig(AppConfig):
    """隐患排查治理."""

    name = "anlan.modules.hazards"
    label = "hazards"

    def ready(self) -> None:
        """Declare the local parameters; what other pages and the menu show is registered by ``panels``."""
        from anlan.modules.hazards.services import _terms  # noqa: F401
