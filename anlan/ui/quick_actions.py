"""What a role does most, one press away on the home page; modules register theirs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from anlan.kernel.actor import Actor
from anlan.ui.pages.values import Permission, address_of, held


@dataclass(frozen=True)
class QuickAction:
    """A large button: label, URL name (or an address that begins with /), icon, who is offered it, its place."""

    label: Any
    url: str
    icon: str = "plus"
    permission: Permission = ()
    order: int = 50
    text: Any = ""


ACTIONS: dict[str, QuickAction] = {}


def register(action: QuickAction) -> None:
    """Enter an action; one URL counts once."""
    ACTIONS[action.url] = action


def offered(actor: Actor) -> list[tuple[QuickAction, str]]:
    """The actions this actor is offered, with their addresses."""
    mine = (a for a in sorted(ACTIONS.values(), key=lambda a: (a.order, a.url)) if held(actor, a.permission))
    found = ((a, a.url if a.url.startswith("/") else address_of(a.url)) for a in mine)
    return [(action, url) for action, url in found if url]
