"""When a unit is put on file, its duties are followed from that day."""

from __future__ import annotations

from anlan.kernel.actor import Actor
from anlan.kernel.events.bus import flow
from anlan.kernel.events.models import EventRow
from anlan.modules.compliance.public import follow_unit
from anlan.modules.registry.public import UnitRegistered


@flow(UnitRegistered)
def registered_unit_opens_workspace(event: UnitRegistered, row: EventRow, actor: Actor) -> None:
    """The unit has its page of what the law asks at once."""
    follow_unit(actor, int(row.subject_id))
