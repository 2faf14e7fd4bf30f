"""Panels: what a module adds to record pages it does not own. Each comes by itself, in the reader's own scope."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from anlan.kernel.actor import Actor
from anlan.ui.pages.values import Action, Permission, held


@dataclass(frozen=True)
class Panel:
    """A panel of a record page.

    Either a template with ``context(actor, record)``, or a table with ``rows(actor, record)`` (an admitted queryset,
    shown up to ``most`` rows and only these ``columns`` when named, with ``more(record)`` as the address of all).
    A context of None leaves the panel out.
    ``count(actor, record)`` stands in its head.
    """

    code: str
    title: Any
    template: str = ""
    context: Callable[[Actor, Any], dict[str, Any] | None] | None = None
    table: type | None = None
    rows: Callable[[Actor, Any], Any] | None = None
    columns: tuple[str, ...] = ()
    more: Callable[[Any], str] | None = None
    count: Callable[[Actor, Any], int] | None = None
    permission: Permission = ()
    icon: str = "folder"
    order: int = 50
    most: int = 10
    actions: tuple[Action, ...] = ()
    empty: Any = ""


_panels: dict[str, dict[str, Panel]] = {}


def register(label: str, panel: Panel) -> None:
    """Add a panel to the record pages of a model (its ``label_lower``); one code counts once."""
    _panels.setdefault(label.lower(), {})[panel.code] = panel


def of(label: str, actor: Actor) -> list[Panel]:
    """The panels of a model's record page that this actor may see, in order."""
    mine = [p for p in _panels.get(label.lower(), {}).values() if held(actor, p.permission)]
    return sorted(mine, key=lambda p: (p.order, p.code))


def one(label: str, code: str, actor: Actor) -> Panel | None:
    """A panel by its code, when the actor may see it."""
    return next((p for p in of(label, actor) if p.code == code), None)
