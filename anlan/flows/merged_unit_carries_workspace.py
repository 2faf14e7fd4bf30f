"""When two records of one unit become one, evidence and self-checks go to the surviving unit."""

from __future__ import annotations

from anlan.kernel.actor import Actor
from anlan.kernel.events.bus import flow
from anlan.kernel.events.models import EventRow
from anlan.modules.compliance.public import carry_workspaces
from anlan.modules.registry.public import UnitsMerged


@flow(UnitsMerged)
def merged_unit_carries_workspace(event: UnitsMerged, row: EventRow, actor: Actor) -> None:
    """What was handed in under the record that was merged away counts for the survivor."""
    carry_workspaces(actor, holder=event.old_holder, why=event.reason)
