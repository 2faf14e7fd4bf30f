"""When a hazard is withdrawn as none, it counts no longer for its risk point."""

from __future__ import annotations

from anlan.kernel.actor import Actor
from anlan.kernel.errors import gettext_noop
from anlan.kernel.events.bus import flow
from anlan.kernel.events.models import EventRow
from anlan.modules.hazards.public import HazardWithdrawn
from anlan.modules.risks.public import hazard_was_none


@flow(HazardWithdrawn)
def withdrawn_hazard_leaves_risk_point(event: HazardWithdrawn, row: EventRow, actor: Actor) -> None:
    """The hazard counts no longer for the point on which it lay."""
    hazard_was_none(actor, int(row.subject_id), gettext_noop("it was withdrawn as no hazard"))
