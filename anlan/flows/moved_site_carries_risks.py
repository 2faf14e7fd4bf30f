"""When a site lies in another region, its risk points are counted there."""

from __future__ import annotations

from anlan.kernel.actor import Actor
from anlan.kernel.events.bus import flow
from anlan.kernel.events.models import EventRow
from anlan.modules.registry.public import SiteMoved
from anlan.modules.risks.public import carry_risks


@flow(SiteMoved)
def moved_site_carries_risks(event: SiteMoved, row: EventRow, actor: Actor) -> None:
    """Every risk point of the site takes its new place."""
    site = int(row.subject_id)
    carry_risks(actor, from_site=site, to_site=site, why=event.reason)
