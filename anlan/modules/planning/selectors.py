"""Reads: the region looked at, the duties that bind it or a unit, and how each stands. Every one takes the actor."""

from __future__ import annotations

import re
from dataclasses import dataclass

from anlan.kernel.actor import Actor
from anlan.kernel.errors import NotAllowed, NotFound
from anlan.kernel.obligations.facts import Place
from anlan.kernel.obligations.selectors import Standing, standing
from anlan.kernel.regions.models import Region
from anlan.modules.planning.choices import LINES, VIEW
from anlan.modules.registry import public as registry

STEP = Region.steplen
PATH = re.compile(r"(?:[0-9A-Z]{4}){1,16}")


@dataclass(frozen=True, slots=True)
class Looked:
    """The region looked at, those above it within reach from the top down, and those one level down."""

    region: Region
    above: tuple[Region, ...]
    parts: tuple[Region, ...]


def looked_at(actor: Actor, path: str = "") -> Looked:
    """The region with that path within the actor's reach; "" is the highest he holds the right in.

    ``NotFound`` for a region outside his reach and for text that is no path; ``NotAllowed`` without the right.
    """
    if actor.is_system:
        tops = sorted(Region.objects.filter(depth=1).values_list("path", flat=True))
    else:
        tops = sorted({g.path for g in actor.grants_for(VIEW) if g.path and not g.holder}, key=lambda p: (len(p), p))
    if not tops:
        actor.need(VIEW)
        raise NotAllowed(permission=VIEW)
    wanted = path or tops[0]
    top = next((one for one in tops if wanted.startswith(one)), "")
    if not top or not PATH.fullmatch(wanted):
        raise NotFound
    chain = [wanted[:end] for end in range(len(top), len(wanted) + 1, STEP)]
    rows = Region.objects.filter(path__in=chain) | Region.objects.filter(
        path__startswith=wanted, depth=len(wanted) // STEP + 1, valid_to=None
    )
    known = {row.path: row for row in rows.defer("outline").order_by("path")}
    region = known.get(wanted)
    if region is None:
        raise NotFound
    above = tuple(known[one] for one in chain[:-1] if one in known)
    return Looked(region, above, tuple(row for one, row in known.items() if len(one) > len(wanted)))


def own_unit(actor: Actor) -> registry.UnitView | None:
    """The unit of somebody who holds the right for a unit alone; None for somebody of an office."""
    held = {grant.holder for grant in actor.grants_for(VIEW)}
    if actor.is_system or not held or "" in held:
        return None
    return registry.unit_of_holder(min(held))


def duties(actor: Actor, where: Looked) -> list[Standing]:
    """The duties that bind a region in hand, in the order of the table."""
    return standing(actor, Place(where.region.path))


def unit_with_duties(actor: Actor, unit_id: int) -> tuple[registry.UnitView, list[Standing]]:
    """A unit the actor may see and the duties that bind it, without those of other lines. ``NotFound`` otherwise."""
    unit = registry.unit_view(actor, unit_id)
    sites = [site for site in registry.sites_of_holder(actor, unit.holder) if site.open]
    marks = {mark for site in sites for mark in (site.sector, *site.flags)}
    rows = standing(actor, Place(unit.region_path, unit.holder))
    return unit, [row for row in rows if row.duty.id not in LINES or LINES[row.duty.id] & marks]


def duties_of_unit(actor: Actor, unit_id: int) -> list[Standing]:
    """The duties that bind a unit."""
    return unit_with_duties(actor, unit_id)[1]
