"""When two records of one unit become one, the alarms on its sites are held by the surviving unit."""

from __future__ import annotations

from anlan.kernel.actor import Actor
from anlan.kernel.events.bus import flow
from anlan.kernel.events.models import EventRow
from anlan.modules.alarms.public import carry_alarms_of_unit
from anlan.modules.registry.public import UnitsMerged


@flow(UnitsMerged)
def merged_unit_carries_alarms(event: UnitsMerged, row: EventRow, actor: Actor) -> None:
    """Every alarm held by the unit that was merged away follows its site to the new holder."""
    carry_alarms_of_unit(actor, holder=event.old_holder, why=event.reason)
