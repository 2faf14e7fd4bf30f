"""Tags of the page templates."""

from __future__ import annotations

from typing import Any

from django import template
from django.forms import CheckboxSelectMultiple, RadioSelect, Textarea
from django.utils.safestring import SafeString

from anlan.ui import tables
from anlan.ui.forms.widgets import FilesInput

register = template.Library()


@register.simple_tag
def record_state(record: Any) -> SafeString:
    """The badge of a record's state."""
    return tables.state_badge(record.process, record.state)


@register.filter
def is_wide(bound_field: Any) -> bool:
    """True for a field that takes the whole width of a form."""
    field = bound_field.field
    wide = isinstance(field.widget, Textarea | CheckboxSelectMultiple | RadioSelect | FilesInput)
    return wide or getattr(field, "wide", False)
