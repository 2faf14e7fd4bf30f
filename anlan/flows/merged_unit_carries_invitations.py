"""When two records of one unit become one, an invitation is for the surviving one, or falls away."""

from __future__ import annotations

from anlan.kernel.actor import Actor
from anlan.kernel.events.bus import flow
from anlan.kernel.events.models import EventRow
from anlan.modules.registry.public import UnitsMerged
from anlan.modules.welcome.public import carry_invitations


@flow(UnitsMerged)
def merged_unit_carries_invitations(event: UnitsMerged, row: EventRow, actor: Actor) -> None:
    """The invitations of the record merged away go to the surviving unit."""
    carry_invitations(actor, holder=event.old_holder, why=event.reason)
