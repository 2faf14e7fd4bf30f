"""When a site lies in another region, its hazards go to the office there."""

from __future__ import annotations

from anlan.kernel.actor import Actor
from anlan.kernel.events.bus import flow
from anlan.kernel.events.models import EventRow
from anlan.modules.hazards.public import carry_hazards
from anlan.modules.registry.public import SiteMoved


@flow(SiteMoved)
def moved_site_carries_hazards(event: SiteMoved, row: EventRow, actor: Actor) -> None:
    """Every hazard of the site takes its new place."""
    site = int(row.subject_id)
    carry_hazards(actor, from_site=site, to_site=site, why=event.reason)
