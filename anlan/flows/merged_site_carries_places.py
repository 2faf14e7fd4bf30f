"""When two records of one site become one, its places of keeping go with it."""

from __future__ import annotations

from anlan.kernel.actor import Actor
from anlan.kernel.events.bus import flow
from anlan.kernel.events.models import EventRow
from anlan.modules.chemicals.public import carry_places
from anlan.modules.registry.public import SitesMerged


@flow(SitesMerged)
def merged_site_carries_places(event: SitesMerged, row: EventRow, actor: Actor) -> None:
    """Every place of keeping of the record that was merged away lies on the surviving site."""
    carry_places(actor, from_site=event.old_id, to_site=event.new_id, why=event.reason)
