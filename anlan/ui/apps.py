"""The ``ui`` app: pages, components and the shell around them; it knows no business."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Holds the templates, the template tags, the built front end and the catalogue of the shell's words."""

    name = "anlan.ui"
    label = "ui"
