"""Tags of the page templates."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django import template
from django.forms import CheckboxSelectMultiple, RadioSelect, Textarea
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from anlan.ui import tables, timeline
from anlan.ui.context import MenuEntry, MenuGroup
from anlan.ui.forms.widgets import FilesInput

register = template.Library()


@register.simple_tag
def record_state(record: Any) -> SafeString:
    """The badge of a record's state."""
    return tables.state_badge(record.process, record.state)


@register.filter
def story(entries: Iterable[timeline.Told]) -> SafeString:
    """The items of a timeline."""
    return timeline.drawn(entries)


@register.simple_tag
def side_menu(groups: Iterable[MenuGroup]) -> SafeString:
    """The groups of the side bar."""
    return _side_menu(tuple((group.label, tuple(group.entries)) for group in groups), get_language() or "")


@register.simple_tag
def tab_bar(entries: Iterable[MenuEntry]) -> SafeString:
    """The entries of the bar at the foot of a phone's screen."""
    return _tab_bar(tuple(entries), get_language() or "")


# Drawn once for all whose menu is the same to the letter: everything they show is in what they are known by, and all
# of it is escaped, since "safe" is no part of a key.
@lru_cache(maxsize=256)
def _side_menu(groups: tuple[tuple[str, tuple[MenuEntry, ...]], ...], language: str) -> SafeString:
    return render_to_string("side_menu.html", {"groups": groups})


@lru_cache(maxsize=256)
def _tab_bar(entries: tuple[MenuEntry, ...], language: str) -> SafeString:
    return render_to_string("tab_bar.html", {"entries": entries})


@register.filter
def is_wide(bound_field: Any) -> bool:
    """True for a field that takes the whole width of a form."""
    field = bound_field.field
    wide = isinstance(field.widget, Textarea | CheckboxSelectMultiple | RadioSelect | FilesInput)
    return wide or getattr(field, "wide", False)
