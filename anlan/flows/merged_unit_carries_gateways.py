"""When two records of one unit become one, the gateways on its sites are held by the surviving unit."""

from __future__ import annotations

from anlan.kernel.actor import Actor
from anlan.kernel.events.bus import flow
from anlan.kernel.events.models import EventRow
from anlan.modules.monitoring.public import carry_gateways_of_unit
from anlan.modules.registry.public import UnitsMerged


@flow(UnitsMerged)
def merged_unit_carries_gateways(event: UnitsMerged, row: EventRow, actor: Actor) -> None:
    """Every gateway held by the unit that was merged away follows its site to the new holder."""
    carry_gateways_of_unit(actor, holder=event.old_holder, why=event.reason)
