"""When two records of one site become one, its alarms go with it."""

from __future__ import annotations

from anlan.kernel.actor import Actor
from anlan.kernel.events.bus import flow
from anlan.kernel.events.models import EventRow
from anlan.modules.alarms.public import carry_alarms
from anlan.modules.registry.public import SitesMerged


@flow(SitesMerged)
def merged_site_carries_alarms(event: SitesMerged, row: EventRow, actor: Actor) -> None:
    """Every alarm of the record that was merged away lies on the surviving site."""
    carry_alarms(actor, from_site=event.old_id, to_site=event.new_id, why=event.reason)
