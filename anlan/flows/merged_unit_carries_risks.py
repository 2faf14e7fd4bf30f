"""When two records of one unit become one, the risk points of its sites are held by the surviving unit."""

from __future__ import annotations

from anlan.kernel.actor import Actor
from anlan.kernel.events.bus import flow
from anlan.kernel.events.models import EventRow
from anlan.modules.registry.public import UnitsMerged
from anlan.modules.risks.public import carry_risks_of_unit


@flow(UnitsMerged)
def merged_unit_carries_risks(event: UnitsMerged, row: EventRow, actor: Actor) -> None:
    """Every risk point held by the unit that was merged away follows its site to the new holder."""
    carry_risks_of_unit(actor, holder=event.old_holder, why=event.reason)
