"""Which region is looked at under the cockpit's right; the reach itself is the kernel's (``regions.reach``)."""

from __future__ import annotations

from anlan.kernel.actor import Actor
from anlan.kernel.regions import reach
from anlan.kernel.regions.reach import STEP, Place

VIEW = "cockpit.view"


def tops_of(actor: Actor, permission: str = VIEW) -> tuple[str, ...]:
    """The highest regions in which the actor holds the permission, none inside another. ``NotAllowed`` when none."""
    return reach.tops_of(actor, permission)


def place(actor: Actor, path: str = "", permission: str = VIEW) -> Place:
    """The region with that path, within the actor's reach; see ``regions.reach.place``."""
    return reach.place(actor, path, permission=permission)


__all__ = ["STEP", "VIEW", "Place", "place", "tops_of"]
