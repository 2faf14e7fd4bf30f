"""When the hazard of something lacking at an installation is opened again, the thing is lacking again."""

from __future__ import annotations

from anlan.kernel.actor import Actor
from anlan.kernel.events.bus import flow
from anlan.kernel.events.models import EventRow
from anlan.modules.hazards.public import HazardReopened
from anlan.modules.installations.public import hazard_reopened


@flow(HazardReopened)
def reopened_hazard_lacks_provision(event: HazardReopened, row: EventRow, actor: Actor) -> None:
    """What was in place is lacking again."""
    hazard_reopened(actor, int(row.subject_id))
