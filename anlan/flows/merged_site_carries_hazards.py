"""When two records of one site become one, its hazards go with it."""

from __future__ import annotations

from anlan.kernel.actor import Actor
from anlan.kernel.events.bus import flow
from anlan.kernel.events.models import EventRow
from anlan.modules.hazards.public import carry_hazards
from anlan.modules.registry.public import SitesMerged


@flow(SitesMerged)
def merged_site_carries_hazards(event: SitesMerged, row: EventRow, actor: Actor) -> None:
    """Every hazard of the record that was merged away lies on the surviving site."""
    carry_hazards(actor, from_site=event.old_id, to_site=event.new_id, why=event.reason)
