"""When the hazard of something lacking at an installation is closed, the thing is in place."""

from __future__ import annotations

from anlan.kernel.actor import Actor
from anlan.kernel.events.bus import flow
from anlan.kernel.events.models import EventRow
from anlan.modules.hazards.public import HazardClosed
from anlan.modules.installations.public import hazard_settled


@flow(HazardClosed)
def closed_hazard_provides_installation(event: HazardClosed, row: EventRow, actor: Actor) -> None:
    """What was lacking counts as in place."""
    hazard_settled(actor, int(row.subject_id))
