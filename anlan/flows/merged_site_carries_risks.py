"""When two records of one site become one, its risk points go with it."""

from __future__ import annotations

from anlan.kernel.actor import Actor
from anlan.kernel.events.bus import flow
from anlan.kernel.events.models import EventRow
from anlan.modules.registry.public import SitesMerged
from anlan.modules.risks.public import carry_risks


@flow(SitesMerged)
def merged_site_carries_risks(event: SitesMerged, row: EventRow, actor: Actor) -> None:
    """Every risk point of the record that was merged away lies on the surviving site."""
    carry_risks(actor, from_site=event.old_id, to_site=event.new_id, why=event.reason)
