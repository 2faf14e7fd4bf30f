"""The ``ui`` app: pages, components and the shell around them; it knows no business."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class UiConfig(AppConfig):
    """Holds the templates, the template tags, the built front end and the catalogue of the shell's words."""

    name = "anlan.ui"
    label = "ui"

    def ready(self) -> None:
        """Fill the shell, then let every module add its menu entries, panels, searchers and quick actions."""
        from anlan.ui import shell

        shell.start()
        autodiscover_modules("panels")
