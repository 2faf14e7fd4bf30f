"""When a site lies in another region, its alarms lie there too."""

from __future__ import annotations

from anlan.kernel.actor import Actor
from anlan.kernel.events.bus import flow
from anlan.kernel.events.models import EventRow
from anlan.modules.alarms.public import carry_alarms
from anlan.modules.registry.public import SiteMoved


@flow(SiteMoved)
def moved_site_carries_alarms(event: SiteMoved, row: EventRow, actor: Actor) -> None:
    """Every alarm of the site takes its new place."""
    site = int(row.subject_id)
    carry_alarms(actor, from_site=site, to_site=site, why=event.reason)
