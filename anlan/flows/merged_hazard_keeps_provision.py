"""When a hazard is merged into another, the other one stands for what an installation lacks."""

from __future__ import annotations

from anlan.kernel.actor import Actor
from anlan.kernel.events.bus import flow
from anlan.kernel.events.models import EventRow
from anlan.modules.hazards.public import HazardMerged
from anlan.modules.installations.public import hazard_was_merged


@flow(HazardMerged)
def merged_hazard_keeps_provision(event: HazardMerged, row: EventRow, actor: Actor) -> None:
    """The record that goes on takes the place of the one merged away."""
    hazard_was_merged(actor, int(row.subject_id))
