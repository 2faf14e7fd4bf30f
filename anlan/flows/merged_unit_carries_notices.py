"""When two records of one unit become one, the warnings it was sent go to the surviving unit."""

from __future__ import annotations

from anlan.kernel.actor import Actor
from anlan.kernel.events.bus import flow
from anlan.kernel.events.models import EventRow
from anlan.modules.registry.public import UnitsMerged
from anlan.modules.warning.public import carry_notices_of_unit


@flow(UnitsMerged)
def merged_unit_carries_notices(event: UnitsMerged, row: EventRow, actor: Actor) -> None:
    """Every notice held by the unit that was merged away goes to the new holder."""
    carry_notices_of_unit(actor, holder=event.old_holder, why=event.reason)
