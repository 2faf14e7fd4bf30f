"""When goods come or go at a site, its installations are compared with their declared basis."""

from __future__ import annotations

from anlan.kernel.actor import Actor
from anlan.kernel.events.bus import flow
from anlan.kernel.events.models import EventRow
from anlan.modules.chemicals.public import MovementRecorded
from anlan.modules.installations.public import weigh_installations


@flow(MovementRecorded)
def moved_goods_weigh_installations(event: MovementRecorded, row: EventRow, actor: Actor) -> None:
    """A stock above what an installation declares is a finding on the unit's desk."""
    weigh_installations(actor, event.site_id)
