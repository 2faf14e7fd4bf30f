"""When the hazard of something lacking at an installation is withdrawn as none, the unit states anew."""

from __future__ import annotations

from anlan.kernel.actor import Actor
from anlan.kernel.events.bus import flow
from anlan.kernel.events.models import EventRow
from anlan.modules.hazards.public import HazardWithdrawn
from anlan.modules.installations.public import hazard_was_none


@flow(HazardWithdrawn)
def withdrawn_hazard_leaves_provision(event: HazardWithdrawn, row: EventRow, actor: Actor) -> None:
    """The provision has no hazard any more."""
    hazard_was_none(actor, int(row.subject_id))
