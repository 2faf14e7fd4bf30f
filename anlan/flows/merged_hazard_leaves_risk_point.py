"""When a hazard is merged into another, it counts no longer for its risk point."""

from __future__ import annotations

from anlan.kernel.actor import Actor
from anlan.kernel.errors import gettext_noop
from anlan.kernel.events.bus import flow
from anlan.kernel.events.models import EventRow
from anlan.modules.hazards.public import HazardMerged
from anlan.modules.risks.public import hazard_was_none


@flow(HazardMerged)
def merged_hazard_leaves_risk_point(event: HazardMerged, row: EventRow, actor: Actor) -> None:
    """The hazard counts no longer for the point on which it lay; the record that goes on does."""
    hazard_was_none(actor, int(row.subject_id), gettext_noop("it was merged into another record"))
