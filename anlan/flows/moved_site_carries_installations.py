"""When a site lies in another region, its installations lie there too."""

from __future__ import annotations

from anlan.kernel.actor import Actor
from anlan.kernel.events.bus import flow
from anlan.kernel.events.models import EventRow
from anlan.modules.installations.public import carry_installations
from anlan.modules.registry.public import SiteMoved


@flow(SiteMoved)
def moved_site_carries_installations(event: SiteMoved, row: EventRow, actor: Actor) -> None:
    """Every installation of the site takes its new place."""
    site = int(row.subject_id)
    carry_installations(actor, from_site=site, to_site=site, why=event.reason)
