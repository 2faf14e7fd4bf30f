"""When the hazard of a failed measure is opened again, the measure has failed again."""

from __future__ import annotations

from anlan.kernel.actor import Actor
from anlan.kernel.events.bus import flow
from anlan.kernel.events.models import EventRow
from anlan.modules.hazards.public import HazardReopened
from anlan.modules.risks.public import hazard_reopened


@flow(HazardReopened)
def reopened_hazard_fails_measure(event: HazardReopened, row: EventRow, actor: Actor) -> None:
    """The measure for which the hazard was opened has failed again."""
    hazard_reopened(actor, int(row.subject_id))
