"""How forms are drawn: Django's own widgets, our field template, our widgets by the project's template engine."""

from __future__ import annotations

from typing import Any

from django.forms.renderers import DjangoTemplates
from django.template.loader import get_template


class Renderer(DjangoTemplates):
    """Draws each field by ``ui/forms/field.html``; templates below ``ui/`` come from the project's own engine, so that
    components and tags work in them."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"

    def get_template(self, template_name: str) -> Any:
        """Our own templates by the project's engine, Django's by Django's."""
        return get_template(template_name) if template_name.startswith("ui/") else super().get_template(template_name)
