"""When the hazard of a failed measure is closed, the measure is effective again."""

from __future__ import annotations

from anlan.kernel.actor import Actor
from anlan.kernel.events.bus import flow
from anlan.kernel.events.models import EventRow
from anlan.modules.hazards.public import HazardClosed
from anlan.modules.risks.public import hazard_settled


@flow(HazardClosed)
def closed_hazard_restores_measure(event: HazardClosed, row: EventRow, actor: Actor) -> None:
    """The measures that failed with the hazard are effective again."""
    hazard_settled(actor, int(row.subject_id))
