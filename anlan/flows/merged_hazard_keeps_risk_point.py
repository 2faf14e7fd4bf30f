"""When a hazard is merged into another, the other one lies on its risk point."""

from __future__ import annotations

from anlan.kernel.actor import Actor
from anlan.kernel.errors import gettext_noop
from anlan.kernel.events.bus import flow
from anlan.kernel.events.models import EventRow
from anlan.modules.hazards.public import HazardMerged
from anlan.modules.risks.public import hazard_was_merged


@flow(HazardMerged)
def merged_hazard_keeps_risk_point(event: HazardMerged, row: EventRow, actor: Actor) -> None:
    """The record that goes on takes the place of the one merged away: on the point, and with the failed measure."""
    hazard_was_merged(actor, int(row.subject_id), gettext_noop("it was merged into another record"))
