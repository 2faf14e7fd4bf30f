"""When a site lies in another region, its places of keeping lie there too."""

from __future__ import annotations

from anlan.kernel.actor import Actor
from anlan.kernel.events.bus import flow
from anlan.kernel.events.models import EventRow
from anlan.modules.chemicals.public import carry_places
from anlan.modules.registry.public import SiteMoved


@flow(SiteMoved)
def moved_site_carries_places(event: SiteMoved, row: EventRow, actor: Actor) -> None:
    """Every place of keeping of the site takes its new place."""
    site = int(row.subject_id)
    carry_places(actor, from_site=site, to_site=site, why=event.reason)
