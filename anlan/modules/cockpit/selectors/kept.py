"""The kept numbers of a place, guarded like the records they count, and when the units of a place may be read off."""

from __future__ import annotations

from django.db.models import QuerySet

from anlan.kernel.actor import Actor
from anlan.kernel.scope import PATH_END
from anlan.kernel.tallies.models import Tally
from anlan.modules.cockpit.selectors.reach import VIEW, Place
from anlan.modules.cockpit.selectors.sources import inside

OPEN, FOUND, DUE, CLOSED, LATE = "hazards.open", "hazards.found", "hazards.due", "hazards.closed", "cockpit.late"
SITES, UNITS = "registry.sites", "registry.units"
EVERY, LINE = "every", "line"


def tallies(actor: Actor, where: Place, permission: str = VIEW) -> QuerySet[Tally]:
    """The kept numbers of the place that the actor may see."""
    return Tally.objects.visible_to(actor, permission).filter(inside(where))


def units_kind(actor: Actor, where: Place, permission: str = VIEW) -> str | None:
    """Which of the kept numbers of units holds for this reader here: of all lines, or of his own one line.

    None when his grants are a mixture (one line here, every line there): a unit with two sites could count twice, so
    units are then counted one by one.
    """
    if actor.is_system:
        return EVERY
    ends = [(low, high.removesuffix(PATH_END)) for low, high in where.ranges]
    touching = [
        grant
        for grant in actor.grants_for(permission)
        if grant.path
        and not grant.holder
        and any(path.startswith(grant.path) or grant.path.startswith(path) for path, _ in ends)
    ]
    covering = [g for g in touching if all(path.startswith(g.path) for path, _ in ends)]
    if any(not g.sector for g in covering) or all(not g.sector for g in touching):
        return EVERY
    return LINE if len({g.sector for g in touching}) == 1 else None
