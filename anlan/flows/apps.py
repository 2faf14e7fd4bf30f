from importlib import import_module
from pkgutil import iter_modules

from django.apps import AppConfig


class FlowsConfig(AppConfig):
    name = "anlan.flows"
    label = "flows"
    verbose_name = "Flows"

    def ready(self) -> None:
        """Read every sentence, so that each process that announces events knows who listens."""
        for found in iter_modules(self.module.__path__ if self.module else []):
            if found.name != "apps":
                import_module(f"{self.name}.{found.name}")
