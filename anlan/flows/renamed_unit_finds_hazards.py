"""When a unit bears another name, its hazards are found by the new name."""

from __future__ import annotations

from anlan.kernel.actor import Actor
from anlan.kernel.events.bus import flow
from anlan.kernel.events.models import EventRow
from anlan.modules.hazards.public import find_hazards_again
from anlan.modules.registry.public import UnitRenamed


@flow(UnitRenamed)
def renamed_unit_finds_hazards(event: UnitRenamed, row: EventRow, actor: Actor) -> None:
    """The words by which the unit's hazards are searched are made anew."""
    find_hazards_again(actor, unit_id=int(row.subject_id))
